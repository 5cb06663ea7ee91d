/**
 * Every way in which the machine around the device can fail it. The codes are stable: logs, exit paths and support pages
 * match on them, so one may be added but none may change its meaning.
 */
export const DEVICE_ERROR_CODES = [
  // config.ts, adapters/config-file.ts
  'config-invalid',
  'config-unreadable',
  // adapters/file-journal.ts and other stores
  'store-altered',
  'store-closed',
  'store-failed',
  'store-full',
  'store-locked',
  'store-too-large',
  'store-unreadable',
  'store-unsealed',
  'store-version',
  // adapters/keystore.ts
  'keystore-destroyed',
  'keystore-exists',
  'keystore-format',
  'keystore-other-machine',
  'keystore-passphrase',
  'keystore-permissions',
  'keystore-purpose',
  'keystore-unreadable',
  // adapters/mqtt-transport.ts
  'transport-network',
  'transport-protocol',
  'transport-publish-refused',
  'transport-queue-full',
  'transport-refused',
  'transport-subscription-refused',
  'transport-tls',
  'transport-too-large',
  // signers, soft or attached
  'signer-absent',
  'signer-busy',
  'signer-failed',
  'signer-refused',
  'signer-timed-out',
  // adapters/node-hid-package.ts
  'hid-unavailable',
  // buttons, displays and other hardware
  'hardware-absent',
  'hardware-failed',
  'hardware-refused',
] as const;

/** A stable code; see {@link DEVICE_ERROR_CODES}. */
export type DeviceErrorCode = (typeof DEVICE_ERROR_CODES)[number];

/** The codes of a store that could not keep its promise. */
export type StoreErrorCode = Extract<DeviceErrorCode, `store-${string}`>;

/** Anything that is not a visible character or a plain space would break the one-line rule or a terminal. */
const NOT_PRINTABLE = /[\p{C}\p{Z}]+/gu;

function oneLine(text: string): string {
  return text.replace(NOT_PRINTABLE, ' ').trim();
}

/**
 * The one error the device layer throws about its surroundings: files, keys, broker, configuration, hardware.
 *
 * `message` (which begins with the code) and `hint` are one line each and never hold a key, a passphrase, a password, a transcript or an account; whoever
 * builds one passes codes, paths and sizes only. `hint` says what a person should do next.
 */
export class DeviceError extends Error {
  override readonly name: string = 'DeviceError';
  readonly code: DeviceErrorCode;
  readonly hint: string;

  constructor(code: DeviceErrorCode, message: string, hint: string) {
    super(oneLine(`${code}: ${message}`));
    this.code = code;
    this.hint = oneLine(hint);
  }
}

/** A journal or other store that could not be opened, read or written as it promised. */
export class StoreError extends DeviceError {
  override readonly name: string = 'StoreError';
  declare readonly code: StoreErrorCode;

  // The narrower type of `code` is the constructor's whole purpose.
  constructor(code: StoreErrorCode, message: string, hint: string) {
    super(code, message, hint);
  }
}
