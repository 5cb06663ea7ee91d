export { type AgentOptions, createAgent } from './agent.ts';
export {
  type Cloud,
  type CloudSettings,
  type MerchantService,
  type PspService,
  startAgent,
  startCloud,
  startMerchant,
  startPsp,
  stopServices,
} from './cloud.ts';
export { type Enrolments, enrolmentsFile, readEnrolments } from './enrolments.ts';
export type { Drop, Handler, Outgoing, Reaction } from './handler.ts';
export { FRAMES_PER_SENDER, type SessionOf } from './inbox.ts';
export { type Debit, type Entry, Ledger, OUTSIDE, type Posted, type Posting } from './ledger.ts';
export { createMerchant, type Merchant, type MerchantOptions } from './merchant.ts';
export {
  CHALLENGE_S,
  createPsp,
  type Funds,
  merchantAccount,
  type Psp,
  type PspOptions,
  wearerAccount,
} from './psp.ts';
export { type PaymentBinding, REQUEST_WINDOW_S } from './psp-checks.ts';
export { REFUSALS, type RefusalCode } from './refusals.ts';
export { type Service, type ServiceOptions, type ServicePorts, startService } from './service.ts';
export {
  createTenant,
  type DeviceSecrets,
  type Enrolment,
  enrolledTenant,
  PAYMENT_METHOD,
  recipientStatement,
  recipientWindow,
  type ServiceSecrets,
  type SigningServiceSecrets,
  type Tenant,
  type TenantNames,
} from './tenant.ts';
