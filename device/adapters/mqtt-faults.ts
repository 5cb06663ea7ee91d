import { DeviceError, type DeviceErrorCode } from '../errors.ts';

/** Why a connection could not be made or kept. The reason is a code of MQTT or of the system, never a message from outside. */
type FaultCode = Extract<DeviceErrorCode, `transport-${string}`>;

const HINTS: Partial<Record<FaultCode, string>> = {
  'transport-network': 'check that the broker runs and can be reached; the device keeps trying',
  'transport-protocol': 'set broker.mqttVersion to what the broker speaks',
  'transport-refused': 'check user name, password, certificate and client id; only one process may use an id',
  'transport-subscription-refused': 'let the broker allow this user the topics of its device',
  'transport-tls': 'check broker.caFile, certFile and keyFile, and that the host name is the one in the certificate',
};

/** CONNACK and DISCONNECT reasons that trying again quickly cannot cure (MQTT 3.1.1 §3.2.2.3, MQTT 5.0 §3.2.2.2, §3.14.2.1). */
const REASONS: ReadonlyMap<number, FaultCode> = new Map([
  [1, 'transport-protocol'],
  [2, 'transport-refused'],
  [4, 'transport-refused'],
  [5, 'transport-refused'],
  [132, 'transport-protocol'],
  [133, 'transport-refused'],
  [134, 'transport-refused'],
  [135, 'transport-refused'],
  [138, 'transport-refused'],
  [140, 'transport-refused'],
  [142, 'transport-refused'],
]);

const TLS_CODE = /^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_|INVALID_CA|EPROTO$)/;

/** The fault for an MQTT reason code. */
export function reasonFault(reason: number): DeviceError {
  return fault(REASONS.get(reason) ?? 'transport-network', `MQTT reason ${reason}`);
}

/** The fault for what the MQTT client or the socket reported. */
export function errorFault(error: unknown): DeviceError {
  const { code } = Object(error) as { code?: unknown };
  if (typeof code === 'number') return reasonFault(code);
  if (typeof code !== 'string') return fault('transport-network', 'connection failed');
  return fault(TLS_CODE.test(code) ? 'transport-tls' : 'transport-network', code);
}

export function fault(code: FaultCode, reason: string): DeviceError {
  return new DeviceError(code, reason, HINTS[code] ?? 'see the log of the broker');
}

/** Whether only a person can cure it, so that the device tries again at its slowest. */
export function needsPerson({ code }: DeviceError): boolean {
  return code !== 'transport-network';
}
