/** What a device is told once, at start: who it is, whom it speaks to, within which limits. */
import type { Currency, SessionId } from '../protocol/index.ts';
import type { DelegationVoice } from './delegation/voice.ts';
import type { Directory } from './directory.ts';
import type { Locale, Vocabulary } from './voice/vocabulary.ts';

export interface DeviceSettings {
  /** The device's party id, also its MQTT name. */
  readonly device: string;
  readonly agentId: string;
  readonly session: SessionId;
  /** Used until the wearer has spoken; afterwards the language they spoke. */
  readonly locale: Locale;
  readonly directory: Directory;
  /** The cloud agent and the PSP this device is enrolled with. */
  readonly agent: string;
  readonly psp: string;
  readonly currency: Currency;
  /** The most one order may cost when the wearer names no budget, and the most they may name. */
  readonly orderCapMinor: number;
  readonly paymentToken: string;
  readonly paymentMethod: string;
  /** Degrees × 1000: about 110 m. */
  readonly place: { readonly latitudeE3: number; readonly longitudeE3: number };
  readonly vocabulary: Vocabulary;
  /** What delegating takes besides; absent: the wearer is not known to the PSP by name, and nothing is delegated by voice. */
  readonly delegation?: {
    /** The wearer as the PSP knows them (ACT 2.1 `delegator_identity`). */
    readonly principal: string;
    readonly voice: DelegationVoice;
  };
}
