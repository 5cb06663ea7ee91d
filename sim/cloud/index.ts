export { merchantAccount, wearerAccount } from './accounts.ts';
export { type AgentOptions, createAgent } from './agent.ts';
export {
  type AgentOutside,
  type Cloud,
  type CloudSettings,
  DELEGATED_FUNDS_MINOR,
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
export { createMerchant, type MerchantOptions } from './merchant.ts';
export type { CartTerms, Quoted, Seller } from './merchant-seller.ts';
export { ShopSeller } from './merchant-shop.ts';
export { MAX_WATCHES_PER_AGENT } from './merchant-watches.ts';
export { createPsp, type Funds, type Psp, type PspOptions } from './psp.ts';
export { MAX_BINDING_REQUESTS, OFFER_S } from './psp-binding.ts';
export { BINDING_MAX_S, type WearerAccount } from './psp-binding-checks.ts';
export type { PaymentBinding } from './psp-binding-tokens.ts';
export { CHALLENGE_S } from './psp-cashier.ts';
export { REQUEST_WINDOW_S } from './psp-checks.ts';
export { LOCK_AGAIN_MS } from './psp-locks.ts';
export { REFUSALS, type RefusalCode } from './refusals.ts';
export { type Service, type ServiceOptions, type ServicePorts, startService } from './service.ts';
export {
  AGENT_ID,
  BINDING_CAP_MINOR,
  createTenant,
  type DeviceSecrets,
  type Enrolment,
  enrolledTenant,
  type FormerKey,
  PAYMENT_METHOD,
  principalOf,
  recipientStatement,
  recipientWindow,
  type ServiceSecrets,
  type SigningServiceSecrets,
  type Tenant,
  type TenantNames,
} from './tenant.ts';
