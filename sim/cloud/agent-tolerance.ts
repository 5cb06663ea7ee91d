/** How far a price may have moved (ACT 2.1 ADD `price_deviation_tolerance`, CID-CART-CFM). */
import { DEFAULT_DEVIATION_ACTION, type IacPayload } from '../../protocol/index.ts';

const WHOLE_E2 = 10_000;

/** Whether a price is above the reference by more than the credential allows; without a tolerance its limits alone count. */
export function isOverTolerance({ ext }: IacPayload, priceMinor: number, referenceMinor: number): boolean {
  const toleranceE2 = ext?.agentBehavior?.priceDeviationToleranceE2;
  // Amounts have twelve digits and the factor five, so the products are exact only as integers of any length (T7).
  return (
    toleranceE2 !== undefined &&
    BigInt(priceMinor) * BigInt(WHOLE_E2) > BigInt(referenceMinor) * BigInt(WHOLE_E2 + toleranceE2)
  );
}

/** What happens then. */
export function deviationActionOf({ ext }: IacPayload): 'PAUSE_AND_NOTIFY' | 'AUTO_CANCEL' {
  return ext?.agentBehavior?.priceDeviationAction ?? DEFAULT_DEVIATION_ACTION;
}
