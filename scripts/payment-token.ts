import { DeviceError } from '../device/index.ts';
import { paymentToken } from '../protocol/ids.ts';
import { ProtocolError } from '../protocol/index.ts';

/**
 * A token that no frame can carry is found out here and not in the middle of a purchase. The token is in no message.
 * @param path the file it came from
 * @throws DeviceError `config-invalid`
 */
export function expectPaymentToken(token: string, path: string): void {
  try {
    paymentToken.encode(token, 'paymentToken');
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw new DeviceError('config-invalid', `${path} holds no payment token`, 'take the token again from the PSP');
  }
}
