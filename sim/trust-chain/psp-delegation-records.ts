/** The states that delegations come to at a PSP, as its signed statuses tell them (ACT 2.1 ADD-IAC-ISS, ADD-IAC-LCM). */
import { type KeptObject, keptObject, readableObject } from '../../device/audit/kept-object.ts';
import type { Reported } from '../../device/audit/reported.ts';
import {
  type Authorization,
  type Digest,
  delegationModeOf,
  hex,
  IacPayload,
  type IacState,
  type Id16,
  iacTransition,
  jsonDigest,
  type LifecycleActor,
  secondsOf,
} from '../../protocol/index.ts';
import type { FrameOf, Outgoing } from '../cloud/handler.ts';
import type { ServiceReports, ServiceStep } from './service-records.ts';

interface Known {
  readonly iac: IacPayload;
  readonly state: IacState;
}

/** Who has asked for a state, and by what. */
interface Wish {
  readonly by: LifecycleActor;
  readonly party: string;
  readonly requestId: Id16;
  readonly changeDigest?: Digest;
}

type Status = KeptObject<'delegation-status'>['value'];
type OpenAuthorization = { readonly value: Authorization; readonly digest: Digest };

export class DelegationReports implements ServiceReports {
  readonly #party: string;
  readonly #known = new Map<Id16, Known>();
  /** The first confirmation of each request: it decides. */
  readonly #confirmed = new Map<string, OpenAuthorization>();
  /** By delegation and wanted state. */
  readonly #wishes = new Map<string, Wish>();

  constructor(party: string) {
    this.#party = party;
  }

  take({ at, frame, sent }: ServiceStep): readonly Reported[] {
    if (frame) this.#note(frame);
    const reported = sent.flatMap((outgoing): readonly Reported[] => {
      const { message } = outgoing;
      if (message.type !== 'delegation-status') return [];
      const { value } = keptObject('delegation-status', message.body.status);
      const known = this.#known.get(value.delegationId);
      return known ? this.#changed(known, value, at) : this.#issued(outgoing, message.body.requestId, value, at);
    });
    for (const { to, message } of sent)
      if ('requestId' in message.body) this.#answered(to.party, message.body.requestId);
    return reported;
  }

  #note(frame: NonNullable<ServiceStep['frame']>): void {
    const { party } = frame.from;
    if (frame.type === 'delegation-confirm') this.#confirm(frame);
    const order = frame.type === 'lifecycle' ? readableObject('lifecycle-order', frame.body.order) : undefined;
    if (frame.type === 'lifecycle' && order) {
      const { delegationId, to, by } = order.value.change;
      const wish = { by, party, requestId: frame.body.requestId, changeDigest: order.digest };
      this.#wishes.set(`${delegationId} ${to}`, wish);
    }
    if (frame.type === 'delegation-end') {
      const { delegationId, requestId } = frame.body;
      this.#wishes.set(`${delegationId} Revoked`, { by: 'AGENT', party, requestId });
    }
  }

  #confirm({ from, body }: FrameOf<'delegation-confirm'>): void {
    const key = `${from.party} ${body.requestId}`;
    const authorization = readableObject('authorization', body.authorization);
    if (authorization && !this.#confirmed.has(key)) this.#confirmed.set(key, authorization);
  }

  /** Whatever was asked for has come by now, or nothing will come of it. */
  #answered(party: string, requestId: Id16 | undefined): void {
    for (const [key, wish] of this.#wishes)
      if (wish.party === party && wish.requestId === requestId) this.#wishes.delete(key);
  }

  #issued(
    { to }: Outgoing,
    requestId: Id16 | undefined,
    { delegationId, state }: Status,
    at: ServiceStep['at'],
  ): readonly Reported[] {
    const confirmed = this.#confirmed.get(`${to.party} ${requestId}`);
    const iac = confirmed?.value.iac;
    if (!confirmed || iac?.delegationId !== delegationId) return [];
    this.#known.set(delegationId, { iac, state });
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

  #changed(known: Known, { delegationId, state, version }: Status, at: ServiceStep['at']): readonly Reported[] {
    const { iac, state: from } = known;
    this.#known.set(delegationId, { iac, state });
    const wish = this.#wishes.get(`${delegationId} ${state}`);
    this.#wishes.delete(`${delegationId} ${state}`);
    const by = state === 'Expired' ? 'SYSTEM' : (wish?.by ?? 'RISK_CONTROL');
    const transition = iacTransition(from, state, by);
    if (!transition || iac.intentId === undefined) return [];
    return [
      {
        eventType: transition.event,
        eventTime: secondsOf(at),
        ...{ intentId: iac.intentId, delegationId },
        participants: this.#participants(iac),
        eventBody: {
          ...{ from, to: state, by, version },
          ...(wish?.changeDigest !== undefined && { changeDigest: wish.changeDigest }),
        },
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
