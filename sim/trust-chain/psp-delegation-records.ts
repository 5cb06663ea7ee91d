/** The states that delegations come to at a PSP, as its ledger has them (ACT 2.1 ADD-IAC-ISS, ADD-IAC-LCM). */
import { type KeptObject, keptObject, readableObject } from '../../device/audit/kept-object.ts';
import type { Reported } from '../../device/audit/reported.ts';
import {
  type Authorization,
  type Digest,
  delegationModeOf,
  hex,
  IacPayload,
  type Id16,
  iacTransition,
  jsonDigest,
  secondsOf,
} from '../../protocol/index.ts';
import type { FrameOf, Outgoing } from '../cloud/handler.ts';
import type { Passage } from '../ledger/orders.ts';
import { LedgerUnavailable } from '../ledger/store.ts';
import type { ServiceReports, ServiceStep } from './service-records.ts';

interface Known {
  readonly iac: IacPayload;
  /** The version of the last change that was read from the ledger; 0 before the first. */
  version: number;
  /** Those that were read and not reported yet, oldest first. */
  passages: readonly Passage[];
}

type Status = KeptObject<'delegation-status'>['value'];
type OpenAuthorization = { readonly value: Authorization; readonly digest: Digest };

export class DelegationReports implements ServiceReports {
  readonly #party: string;
  readonly #known = new Map<Id16, Known>();
  /** The first confirmation of each request: it decides. */
  readonly #confirmed = new Map<string, OpenAuthorization>();
  /** The wearers' orders that were not refused, by the change they ask for. */
  readonly #orders = new Map<string, Digest>();
  /** Those with changes to be reported. */
  readonly #behind = new Set<Known>();

  constructor(party: string) {
    this.#party = party;
  }

  take({ at, frame, sent, delegations }: ServiceStep): readonly Reported[] {
    if (frame?.type === 'delegation-confirm') this.#confirm(frame);
    if (frame?.type === 'lifecycle') this.#order(frame, sent);
    const issued = sent.flatMap((outgoing): readonly Reported[] => {
      const { message } = outgoing;
      if (message.type !== 'delegation-status') return [];
      const { value } = keptObject('delegation-status', message.body.status);
      const isNew = !this.#known.has(value.delegationId);
      const reported = isNew ? this.#issued(outgoing, message.body.requestId, value, at) : [];
      this.#read(value, delegations);
      return reported;
    });
    return [...issued, ...[...this.#behind].flatMap((known) => this.#changes(known, at))];
  }

  #order({ body }: FrameOf<'lifecycle'>, sent: readonly Outgoing[]): void {
    const order = readableObject('lifecycle-order', body.order);
    const isRefused = sent.some(
      ({ message }) => message.type === 'refusal' && message.body.requestId === body.requestId,
    );
    if (order && !isRefused) this.#orders.set(order.value.change.changeId, order.digest);
  }

  #confirm({ from, body }: FrameOf<'delegation-confirm'>): void {
    const key = `${from.party} ${body.requestId}`;
    const authorization = readableObject('authorization', body.authorization);
    if (authorization && !this.#confirmed.has(key)) this.#confirmed.set(key, authorization);
  }

  #issued(
    { to }: Outgoing,
    requestId: Id16 | undefined,
    { delegationId }: Status,
    at: ServiceStep['at'],
  ): readonly Reported[] {
    const confirmed = this.#confirmed.get(`${to.party} ${requestId}`);
    const iac = confirmed?.value.iac;
    if (!confirmed || iac?.delegationId !== delegationId) return [];
    this.#known.set(delegationId, { iac, version: 0, passages: [] });
    if (iac.intentId === undefined) return [];
    const { agentId, validityStartTime, validityEndTime, maxTotalMinor, currency } = iac;
    return [
      {
        eventType: 'act:delegation:delegation-issued',
        eventTime: secondsOf(at),
        ...{ intentId: iac.intentId, delegationId },
        participants: this.#participants(iac),
        eventBody: {
          // Of the JSON form, for those who have no other (design 4).
          iacDigest: hex(jsonDigest(IacPayload, iac, 'iac')) as Digest,
          ...{ agentId, delegationMode: delegationModeOf(iac), validityStartTime, validityEndTime },
          ...{ maxTotalMinor, currency, confirmationDigest: confirmed.digest },
        },
      },
    ];
  }

  #read({ delegationId, version }: Status, delegations: ServiceStep['delegations']): void {
    const known = this.#known.get(delegationId);
    if (!known || version <= known.version) return;
    const passages = passagesOf(delegationId, known.version, delegations);
    known.version = passages.at(-1)?.version ?? known.version;
    known.passages = [...known.passages, ...passages];
    this.#behind.add(known);
  }

  /**
   * What has become of it by a time. A status tells only how things stand: one that is told again after a restart tells of
   * later changes, too, each of which has its time. A wearer's change waits for its order, which comes again by itself; where
   * a later order is here already, it came to another gateway, which reports it.
   */
  #changes(known: Known, at: ServiceStep['at']): readonly Reported[] {
    const { iac, passages } = known;
    const orders = passages.map(({ changeId = '' }) => this.#orders.get(changeId));
    const isWithout = passages.map(({ by }, i) => by === 'PRINCIPAL' && orders[i] === undefined);
    const newest = orders.findLastIndex((order) => order !== undefined);
    const later = passages.findIndex((passage, i) => passage.at > at || (isWithout[i] && i > newest));
    const ready = later < 0 ? passages : passages.slice(0, later);
    known.passages = passages.slice(ready.length);
    if (known.passages.length === 0) this.#behind.delete(known);
    return ready.flatMap((passage, i) => (isWithout[i] ? [] : this.#changed(iac, passage, orders[i])));
  }

  #changed(iac: IacPayload, { from, to, by, version, at }: Passage, changeDigest?: Digest): readonly Reported[] {
    const transition = iacTransition(from, to, by);
    if (!transition || iac.intentId === undefined) return [];
    return [
      {
        eventType: transition.event,
        eventTime: secondsOf(at),
        ...{ intentId: iac.intentId, delegationId: iac.delegationId },
        participants: this.#participants(iac),
        eventBody: { from, to, by, version, ...(changeDigest !== undefined && { changeDigest }) },
      },
    ];
  }

  #participants({ agentId }: IacPayload) {
    return [
      { participantId: this.#party, role: 'PSP' },
      { participantId: agentId, role: 'PAYER_AGENT' },
    ] as const;
  }
}

/** A ledger that does not answer is asked again with the next status. */
function passagesOf(id: Id16, after: number, delegations: ServiceStep['delegations']): readonly Passage[] {
  try {
    return delegations?.passages(id, after) ?? [];
  } catch (error) {
    if (!(error instanceof LedgerUnavailable)) throw error;
    return [];
  }
}
