import { freezePrompt, type Prompt } from '../../../device/confirm/prompt.ts';
import {
  type ConfirmationFacts,
  composeView,
  type DisplayProfile,
  PROFILES,
  type View,
} from '../../../device/confirm/view.ts';
import type { EpochMs } from '../../../protocol/time.ts';

/** An ordinary order of one drink; `over` says what is special about the case at hand. */
export function facts(over: Partial<ConfirmationFacts> = {}): ConfirmationFacts {
  return {
    payeeName: 'Luna Coffee',
    totalMinor: 2_480,
    currency: 'CNY',
    lines: [{ title: 'Large iced latte, less sugar', quantity: 1, amountMinor: 2_680 }],
    discountMinor: 500,
    deliveryMinor: 300,
    orderNo: 'LC-20261123-0042',
    locale: 'en-US',
    etaMin: 25,
    ...over,
  };
}

/** The view of facts that are known to be sound. */
export function viewOf(about: ConfirmationFacts, profile: DisplayProfile): View {
  const composed = composeView(about, profile);
  if (!composed.ok) throw new Error(`refused: ${composed.reason}`);
  return composed.view;
}

/** The time at which the prompts of the tests open. */
export const OPENED = 1_795_397_400_000 as EpochMs;

export function at(ms: number): EpochMs {
  return (OPENED + ms) as EpochMs;
}

/** A prompt of one page that expires 120 s after opening. */
export function prompt(over: { view?: View; expiresAt?: EpochMs } = {}): Prompt {
  const { view = viewOf(facts(), PROFILES['hud-480x640']), expiresAt = at(120_000) } = over;
  const sources = [Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5, 6)];
  const frozen = freezePrompt<never>(sources, 'hold-simulated', () => ({ ok: true, view, expiresAt }));
  if (!frozen.ok) throw new Error('unreachable');
  return frozen.prompt;
}
