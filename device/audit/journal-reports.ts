/** What a device's journal reports, entry by entry: of its purchases, and of the delegations that the wearer said yes to. */
import { decodeCbor, IacPayload, type Id16, secondsOf } from '../../protocol/index.ts';
import { CARRIED_OVER } from '../carry-over.ts';
import type { JournalRecord, Purchases } from '../journal-record.ts';
import { IDLE } from '../purchases.ts';
import { type ReportSettings, reportedBy } from './records.ts';
import type { Reported } from './reported.ts';

/** Is given every entry of one journal, in order. */
export class JournalReports {
  readonly #settings: ReportSettings;
  #before: Purchases = IDLE;
  /** The delegations whose intent was reported. */
  readonly #intended = new Set<Id16>();

  constructor(settings: ReportSettings) {
    this.#settings = settings;
  }

  take(record: JournalRecord): readonly Reported[] {
    if (record.event === CARRIED_OVER) return this.#goOn(record);
    const reported = [...reportedBy(this.#before, record, this.#settings), ...this.#intents(record)];
    this.#before = record.purchases;
    return reported;
  }

  /** Where a generation begins, nothing happens; all that stands there was reported out of the one before. */
  #goOn({ purchases, delegations }: JournalRecord): readonly Reported[] {
    this.#before = purchases;
    for (const { id } of delegations?.changed ?? []) this.#intended.add(id);
    return [];
  }

  /** The wearer's yes made the ISR that the credential is drafted from (ADD-INT-ICS); what comes of it the PSP reports. */
  #intents({ at, delegations }: JournalRecord): readonly Reported[] {
    return (delegations?.changed ?? []).flatMap((state): readonly Reported[] => {
      if (state.at !== 'requesting' || this.#intended.has(state.id)) return [];
      this.#intended.add(state.id);
      const iac = IacPayload.decode(decodeCbor(state.plan.iac), 'iac');
      const { intentId, sourceIsrDigest, delegationMode, userConfirmationMethod } = iac;
      if (intentId === undefined || sourceIsrDigest === undefined) return [];
      return [
        {
          eventType: 'act:delegation:intent-created',
          eventTime: iac.userConfirmationTimestamp ?? secondsOf(at),
          ...{ intentId, delegationId: iac.delegationId },
          participants: [
            { participantId: this.#settings.agentId, role: 'PRINCIPAL_AGENT' },
            { participantId: iac.agentId, role: 'PAYER_AGENT' },
          ],
          eventBody: {
            // As the credential says it, so that the two can be laid side by side.
            isrDigest: sourceIsrDigest,
            ...(delegationMode && { delegationMode }),
            ...{ maxTotalMinor: iac.maxTotalMinor, currency: iac.currency, validityEndTime: iac.validityEndTime },
            ...(userConfirmationMethod && { userConfirmationMethod }),
          },
        },
      ];
    });
  }
}
