import { readFileSync } from 'node:fs';
import type { BrokerConfig } from '../config.ts';
import { DeviceError } from '../errors.ts';
import { readSecretFile } from './config-file.ts';
import type { BrokerAccess } from './mqtt-transport.ts';

/**
 * Reads the files a broker section names. Password and private key must be private to their owner.
 * @throws DeviceError `config-unreadable`, `keystore-permissions`.
 */
export function readBrokerFiles(config: BrokerConfig): BrokerAccess {
  const { passwordFile, caFile, certFile, keyFile } = config;
  return {
    ...config,
    password: passwordFile === undefined ? undefined : readSecretFile(passwordFile),
    ca: caFile === undefined ? undefined : readCertificates(caFile),
    cert: certFile === undefined ? undefined : readCertificates(certFile),
    key: keyFile === undefined ? undefined : readSecretFile(keyFile),
  };
}

function readCertificates(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    throw new DeviceError('config-unreadable', `cannot read ${path} (${reason})`, 'name a PEM file');
  }
}
