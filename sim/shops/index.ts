export { demoPlace, demoTimeMs, shops } from './catalogue.ts';
export {
  type Candidate,
  type Comparison,
  compareOffers,
  MAX_CANDIDATES,
  type NoOffer,
  type OfferConstraints,
  type OfferReason,
} from './compare.ts';
export { type Counterpart, counterparts } from './counterparts.ts';
export { deliveryFeeMinor, distanceM, etaMin } from './delivery.ts';
export { isOpen, opensNextAt, shopDay } from './opening.ts';
export { bestPromotions, couponApplies, type Discount, type Promotion, type PromotionCustomer } from './promotions.ts';
export { type Quote, type QuoteLine, quoteShop, type Unavailable } from './quote.ts';
export { type ReservationState, type Reserved, Stock, type StockLine } from './stock.ts';
export type {
  Coupon,
  CouponKind,
  Customer,
  DeliveryTerms,
  FreeDeliveryCoupon,
  NewCustomerCoupon,
  OpenDay,
  OpenWeek,
  OpenWindow,
  PercentCoupon,
  Place,
  Product,
  ProductChoice,
  ProductOption,
  Shop,
  ThresholdCoupon,
  Title,
} from './types.ts';
export { shopVocabulary } from './vocabulary.ts';
