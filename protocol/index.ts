export {
  A402_HEADERS,
  A402_MAX_CHARS,
  type A402Header,
  type A402Value,
  readA402,
  writeA402,
} from './a402.ts';
export * from './act/index.ts';
export { type AnchorSubmission, anchorOf, openAnchor, signAnchor } from './anchor.ts';
export {
  type AnchorAnswer,
  checkRecord,
  HASH_ALGORITHMS,
  type HashedPayload,
  payloadHash,
  type RecordCheck,
  type RecordDraft,
  signRecord,
} from './attestation.ts';
export {
  base64url,
  concatBytes,
  equalBytes,
  fromBase64url,
  fromHex,
  hex,
  isBytes,
  isWellFormed,
  utf8,
} from './bytes.ts';
export { CBOR_LIMITS, type CborKey, type CborValue, decodeCbor, encodeCbor } from './cbor.ts';
export {
  type Checkpoint,
  checkpointText,
  cosign,
  type NoteKey,
  type NoteSigner,
  type OpenedCheckpoint,
  openCheckpoint,
  readWitnessKey,
  signCheckpoint,
  witnessKeyText,
} from './checkpoint.ts';
export { type Curve, encodeCoseKey, type SigningCoseKey, signingCoseKey } from './cose-key.ts';
export { sha256 } from './crypto.ts';
export {
  DEVICE_CERTIFICATE_MAX_WINDOW_S,
  type DeviceCertificate,
  type DeviceCertificateClaims,
  type MakerRoot,
  makerRoot,
  openDeviceCertificate,
  signDeviceCertificate,
} from './device-certificate.ts';
export { checkEnrolmentKey, publicKeyOf, signEd25519, verifyEd25519 } from './ed25519.ts';
export {
  ENROLMENT_WINDOW_S,
  type EnrolmentBody,
  type EnrolmentKeys,
  openEnrolment,
  signEnrolment,
} from './enrolment.ts';
export { PROTOCOL_ERROR_CODES, ProtocolError, type ProtocolErrorCode } from './errors.ts';
export {
  decodeEvidence,
  type Evidence,
  encodeEvidence,
  type VerifiedEvidence,
  verifyEvidence,
} from './evidence.ts';
export { ROLES, type Role } from './fields.ts';
export {
  CLOCK_SKEW_S,
  FRAME_MAX_BYTES,
  FRAME_MAX_LIFETIME_S,
  type FrameAddress,
  type FramePeek,
  type FrameReader,
  type OpenFrame,
  openFrame,
  type Party,
  peekFrame,
  SERVICE_SESSION,
  sealFrame,
} from './frame.ts';
export { FRAMES, type FrameBody, type FrameType, frameTypeOf, type Message } from './frames.ts';
export { type Digest, digestOf, type Id16, newId, parseId16, parseSessionId, type SessionId } from './ids.ts';
export { jcs, jcsBytes, jcsDigest, signJson, verifyJson } from './jcs.ts';
export {
  fromUtf8,
  JSON_LIMITS,
  JsonDecimal,
  type JsonObject,
  type JsonValue,
  parseJson,
  writeJson,
} from './json.ts';
export {
  KEY_HAND_OVER_WINDOW_S,
  type KeyHandOver,
  type KeyHandOverBody,
  openKeyHandOver,
  signKeyHandOver,
} from './key-hand-over.ts';
export {
  consistencyPath,
  consistencyProof,
  EMPTY_ROOT,
  halves,
  inclusionPath,
  inclusionProof,
  leafHash,
  MerkleFrontier,
  type Range,
  type RootOver,
  rootOf,
  type TreeHead,
  verifyConsistency,
  verifyInclusion,
} from './merkle.ts';
export type { JournalCheckpoint, JournalCosignature } from './messages/audit.ts';
export type { BindConsentMessage, BindOfferMessage, DeviceLockMessage, LockAck } from './messages/binding.ts';
export {
  type Cart,
  type CartMessage,
  type CartReply,
  type CartRequest,
  totalOf,
  type WantedWindow,
} from './messages/cart.ts';
export type {
  DelegationNews,
  DelegationStatus,
  DelegationTask,
  Instrument,
  Price,
  PriceAnswer,
  PriceNews,
  PriceQuestion,
  Refund,
  SpendNotice,
  TaskState,
  Watch,
} from './messages/delegation.ts';
export type { IntentRequest, Isr, NeedLine } from './messages/intent.ts';
export type { Discount, NoOffer, Offer, Offers, Select } from './messages/offers.ts';
export type {
  CancelReason,
  Challenge,
  Confirmation,
  ConfirmationMethod,
  OrderNotice,
  PayRequest,
  PayState,
  PayStatus,
  Receipt,
} from './messages/payment.ts';
export type { Category, RefusalMessage, Retryability } from './messages/refusal.ts';
export type {
  Authorization,
  BindingConsent,
  BindingOffer,
  DelegationChallenge,
  LifecycleOrder,
  LockOrder,
  SubAccountOrder,
} from './messages/signer.ts';
export { SubAccountChange } from './messages/signer.ts';
export {
  type Fulfilment,
  nextTradeState,
  TRADE_EVENTS,
  TRADE_TRANSITIONS,
  type TradeEvent,
  type TradeState,
} from './messages/trade.ts';
export {
  CURRENCY_EXPONENTS,
  type Currency,
  formatAmount,
  isCurrency,
  isMinor,
  MAX_MINOR,
  parseAmount,
  sumMinor,
} from './money.ts';
export {
  OBJECTS,
  type ObjectType,
  type ObjectValue,
  type OpenedBy,
  type OpenedObject,
  openObject,
  signObject,
} from './objects.ts';
export { SEALED_SIZES } from './padding.ts';
export {
  isRecipientKey,
  type OwnRecipientKey,
  openingKeys,
  openRecipientKey,
  RECIPIENT_KEY_GRACE_S,
  RECIPIENT_KEY_MAX_AHEAD_S,
  RECIPIENT_KEY_MAX_WINDOW_S,
  type RecipientKeyBody,
  RecipientKeySet,
  type RecipientPrivateKey,
  type RecipientPublicKey,
  recipientKeyPair,
  signRecipientKey,
} from './recipient-key.ts';
export {
  ENVELOPE_OVERHEAD_BYTES,
  type EnvelopeReader,
  envelopeKid,
  openEnvelope,
  type SealInput,
  sealEnvelope,
} from './seal.ts';
export {
  ALG_ED25519,
  type Claims,
  kidOf,
  type ParsedSign1,
  type ProtectedHeader,
  parseSign1,
  type SigningKey,
  signSign1,
  softSigningKey,
  thumbprintOf,
  type VerifyingKey,
  verifySign1,
} from './sign1.ts';
export { authoriseSubAccount, type DelegatedRequestType, isSubAccountAuthorised } from './sub-account.ts';
export {
  type EpochMs,
  type EpochSeconds,
  epochMs,
  epochSeconds,
  fromIsoUtc,
  msOf,
  secondsOf,
  toIsoUtc,
} from './time.ts';
export { allDevicesUp, type DeviceDirection, deviceTopic, parseTopic, serviceTopic, type Topic } from './topics.ts';
export { type KeyUse, type TrustedKey, TrustSet, trustedKey, type Wanted } from './trust.ts';
export { PROFILE, PROFILE_FLOOR, PROFILE_VERSION } from './version.ts';
export { type WireType, type WireValue, wireMap } from './wire.ts';
