/** Every ACT object an edge agent meets, with its component: what tests, documents and vectors go through. */
import type { WireType } from '../wire.ts';
import { PaymentNeeded, PaymentProof, PaymentValidation } from './a402.ts';
import { Anchor, AttestationRecord, DisputeBundle, RecordSignature } from './attestation.ts';
import {
  BindingRequest,
  BindingResult,
  PaymentLimits,
  SubAccountRequest,
  SubAccountResult,
  SubAccountStatus,
} from './binding.ts';
import { CapabilityRequest, CapabilityResponse, NegotiationEntry, PaymentCapability } from './capability.ts';
import { CartConfirmation, CartConfirmationRequest, PreCheckResult } from './cart.ts';
import { CatalogueItem, IntentConstraints, IntentContextRequest, IntentContextResponse } from './discovery.ts';
import { ActError } from './error-catalogue.ts';
import { FinalIac, IacPayload } from './iac.ts';
import { ActConversationHistory, ActIsr } from './intent.ts';
import { LifecycleChange, LifecycleStatus } from './lifecycle.ts';
import { AutonomousPayRequest, DelegatedPayRequest, InstantPayRequest, PaymentResult } from './payment.ts';
import { RefundRequest, RefundResult } from './refund.ts';

/** Name, component of ACT 2.1, declaration. */
export const ACT_OBJECTS = {
  'conversation-history': { component: 'ADD-INT-ICS', type: ActConversationHistory },
  isr: { component: 'ADD-INT-ICS', type: ActIsr },
  iac: { component: 'ADD-IAC-ISS', type: IacPayload },
  'final-iac': { component: 'ADD-IAC-ISS', type: FinalIac },
  'lifecycle-change': { component: 'ADD-IAC-LCM', type: LifecycleChange },
  'lifecycle-status': { component: 'ADD-IAC-LCM', type: LifecycleStatus },
  'catalogue-item': { component: 'CID-MER-CAT', type: CatalogueItem },
  'intent-constraints': { component: 'CID-INT-XFR', type: IntentConstraints },
  'intent-context-request': { component: 'CID-INT-XFR', type: IntentContextRequest },
  'intent-context-response': { component: 'CID-INT-XFR', type: IntentContextResponse },
  'negotiation-entry': { component: 'CID-PCA-NEG', type: NegotiationEntry },
  'payment-capability': { component: 'CID-PCA-NEG', type: PaymentCapability },
  'capability-request': { component: 'CID-PCA-NEG', type: CapabilityRequest },
  'capability-response': { component: 'CID-PCA-NEG', type: CapabilityResponse },
  'pre-check-result': { component: 'CID-CART-CFM', type: PreCheckResult },
  'cart-confirmation-request': { component: 'CID-CART-CFM', type: CartConfirmationRequest },
  'cart-confirmation': { component: 'CID-CART-CFM', type: CartConfirmation },
  'binding-request': { component: 'PSD-PMT-BND', type: BindingRequest },
  'binding-result': { component: 'PSD-PMT-BND', type: BindingResult },
  'payment-limits': { component: 'PSD-PMT-BND', type: PaymentLimits },
  'sub-account-request': { component: 'PSD-AGT-SUB', type: SubAccountRequest },
  'sub-account-status': { component: 'PSD-AGT-SUB', type: SubAccountStatus },
  'sub-account-result': { component: 'PSD-AGT-SUB', type: SubAccountResult },
  'instant-pay-request': { component: 'PSD-PAY-INS', type: InstantPayRequest },
  'delegated-pay-request': { component: 'PSD-PAY-DEL', type: DelegatedPayRequest },
  'autonomous-pay-request': { component: 'PSD-PAY-AUP', type: AutonomousPayRequest },
  'payment-result': { component: 'PSD-PAY-INS', type: PaymentResult },
  'payment-needed': { component: 'PSD-PAY-A402', type: PaymentNeeded },
  'payment-proof': { component: 'PSD-PAY-A402', type: PaymentProof },
  'payment-validation': { component: 'PSD-PAY-A402', type: PaymentValidation },
  'act-error': { component: 'PSD-PAY-A402', type: ActError },
  'refund-request': { component: 'PSD-PAY-A402', type: RefundRequest },
  'refund-result': { component: 'PSD-PAY-A402', type: RefundResult },
  'attestation-record': { component: 'TSD-ATT-OFF', type: AttestationRecord },
  'record-signature': { component: 'TSD-ATT-OFF', type: RecordSignature },
  anchor: { component: 'TSD-ATT-OCA', type: Anchor },
  'dispute-bundle': { component: 'TSD-ATT-DSP', type: DisputeBundle },
} as const satisfies Readonly<Record<string, { component: string; type: unknown }>>;

export type ActObject = keyof typeof ACT_OBJECTS;

/** The declaration of an object whose type is not known beforehand. */
export function declarationOf(object: ActObject): WireType<unknown> {
  return ACT_OBJECTS[object].type as WireType<unknown>;
}
