/** The objects of ACT 2.1 and the tables that go with them. */
export { PaymentNeeded, PaymentProof, PaymentValidation } from './a402.ts';
export {
  Anchor,
  AttestationRecord,
  type Conclusion,
  DisputeBundle,
  type HashAlgorithm,
  LEAST_COVERAGE,
  RECORDS,
  type RecordMember,
  STRUCTURE_VERSION,
} from './attestation.ts';
export {
  type BindingFailure,
  BindingRequest,
  BindingResult,
  nextSubAccountState,
  SUB_ACCOUNT_TRANSITIONS,
  type SubAccountFailure,
  type SubAccountOperation,
  SubAccountRequest,
  SubAccountResult,
  type SubAccountState,
  SubAccountStatus,
} from './binding.ts';
export {
  CapabilityRequest,
  CapabilityResponse,
  NegotiationEntry,
  PaymentCapability,
} from './capability.ts';
export {
  CartConfirmation,
  CartConfirmationRequest,
  DEFAULT_DEVIATION_ACTION,
  type PreCheckDimension,
  PreCheckResult,
} from './cart.ts';
export {
  CatalogueItem,
  INTENT_ERROR_ACTIONS,
  IntentContextRequest,
  IntentContextResponse,
  type IntentError,
} from './discovery.ts';
export { EdgeTerms, termsOf, writeTerms } from './edge-terms.ts';
export {
  ActError,
  actError,
  ERROR_CATALOGUE,
  type ErrorPhase,
  type NextAction,
} from './error-catalogue.ts';
export { EVENTS, type EventLinks, type EventType } from './events.ts';
export { delegationModeOf, FinalIac, IacPayload } from './iac.ts';
export { ActConversationHistory, ActIsr, type Ext, type ExtCommerce } from './intent.ts';
export { fromJson, jsonDigest, toJson, toJsonObject } from './json-form.ts';
export {
  IAC_TRANSITIONS,
  type IacState,
  iacTransition,
  type LifecycleActor,
  LifecycleChange,
  LifecycleStatus,
} from './lifecycle.ts';
export { ACT_OBJECTS, type ActObject } from './objects.ts';
export {
  AutonomousPayRequest,
  DelegatedPayRequest,
  InstantPayRequest,
  PAYMENT_ERRORS,
  type PaymentError,
  PaymentResult,
} from './payment.ts';
export { RefundRequest, RefundResult } from './refund.ts';
