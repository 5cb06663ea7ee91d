import { DeviceError } from '../../device/errors.ts';

/** The code of the `DeviceError` that `act` throws, or `no error`; any other error is let through. */
export function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof DeviceError) return error.code;
    throw error;
  }
  return 'no error';
}
