/**
 * A world's record, read once as it grows: what was sent, signed and made durable, decoded. All checkers share one reading,
 * so that looking after every event costs what is new, not what there is.
 */
import { decodeRecord, type JournalRecord } from '../../device/index.ts';
import type {
  FrameType,
  Instrument,
  ObjectType,
  OpenedObject,
  SubAccountRequest,
  SubAccountResult,
} from '../../protocol/index.ts';
import type { Lived, StoredRecords, WorldRecord } from '../world-record.ts';
import {
  bodyOf,
  type Circumstances,
  carriedObjects,
  type Findings,
  frameHead,
  genuine,
  isJson,
  type Signed,
  signedByWearer,
  textOf,
} from './facts.ts';

/** A frame that a party journalled as received, which is to say: acted on. */
export interface Received extends Lived {
  readonly frame: Uint8Array;
  readonly key: string;
  /** Not seen until a later start: then its time is that of the start. */
  readonly isFound: boolean;
}

/** What a device has asked of a sub-account, and when it first did. */
export type AccountAsked = Lived & Pick<SubAccountRequest, 'operation' | 'subAccountId'>;
/** What the PSP has answered, and when it first did. */
export type AccountAnswer = Lived & Pick<SubAccountResult, 'requestId' | 'status' | 'failure'>;

export interface DeviceEntry extends Lived {
  readonly entry: JournalRecord;
}

/** What a checker remembers between two looks is in the function it returns: that names what was broken since the last one. */
export type Watching = (reading: Reading) => () => Findings;

type Objects = { readonly [T in ObjectType]?: Map<string, OpenedObject<T>> };

/** Each list from where the last look ended. */
class Cursor<T> {
  readonly #list: () => readonly T[];
  #at = 0;

  constructor(list: () => readonly T[]) {
    this.#list = list;
  }

  take(): readonly T[] {
    const list = this.#list();
    if (this.#at === list.length) return [];
    const fresh = list.slice(this.#at);
    this.#at = list.length;
    return fresh;
  }
}

/** A service's record is 16 bytes of time and mark, then the frame, or an operator's command behind a zero byte. */
function frameOfService(record: Uint8Array): Uint8Array | undefined {
  return record.length > 16 && record[16] !== 0 ? record.subarray(16) : undefined;
}

export class Reading {
  readonly record: WorldRecord;
  readonly about: Circumstances;
  /** Each frame that a party handed to its transport, as a text. */
  readonly sent = new Set<string>();
  /** The same by their types, each once. */
  readonly byType = new Map<FrameType, Uint8Array[]>();
  /** Each frame that a party has journalled as received, by party and text. */
  readonly kept = new Set<string>();
  readonly received: Received[] = [];
  readonly entries: DeviceEntry[] = [];
  /** By the number of the request. */
  readonly accountsAsked = new Map<string, AccountAsked>();
  /** By the number of the request that brought it: when the wearer's order was first sent, in whichever request. */
  readonly ordersAsked = new Map<string, number>();
  readonly accountAnswers: AccountAnswer[] = [];
  /** What the wearers' keys have signed in COSE, and what in JSON beside it. */
  readonly signed: Signed[] = [];
  readonly signedJson: WorldRecord['signatures'][number][] = [];
  /** By delegation: with what it pays, as the PSP has told its agent. */
  readonly instruments = new Map<string, Instrument>();
  /** When each frame was first in a device's journal: the place in the order of things. */
  readonly framesAt = new Map<string, number>();
  readonly #objects: Objects = {
    cart: new Map(),
    challenge: new Map(),
    confirmation: new Map(),
    receipt: new Map(),
    fulfilment: new Map(),
    authorization: new Map(),
    'delegation-challenge': new Map(),
    'lifecycle-order': new Map(),
    'sub-account-order': new Map(),
    'delegated-pay-request': new Map(),
    'autonomous-pay-request': new Map(),
    'delegation-status': new Map(),
    refund: new Map(),
  };
  readonly #ordersSent = new Map<string, number>();
  readonly #objectsSeen = new Set<string>();
  readonly #recordsSeen = new Set<string>();
  readonly #newSent: Cursor<WorldRecord['sent'][number]>;
  readonly #newStored: Cursor<StoredRecords>;
  readonly #newFound: Cursor<StoredRecords>;
  readonly #newSignatures: Cursor<WorldRecord['signatures'][number]>;
  readonly #services: ReadonlySet<string>;
  readonly devices: ReadonlySet<string>;

  constructor(record: WorldRecord, about: Circumstances) {
    this.record = record;
    this.about = about;
    this.devices = new Set([about.device, ...(about.others ?? [])]);
    const { tenant } = about;
    this.#services = new Set([tenant.psp.party, tenant.agent.party, ...tenant.merchants.map(({ party }) => party)]);
    this.#newSent = new Cursor(() => record.sent);
    this.#newStored = new Cursor(() => record.stored);
    this.#newFound = new Cursor(() => record.found);
    this.#newSignatures = new Cursor(() => record.signatures);
  }

  /** A place to read a list of the record from, each item once. */
  readonly since = <T>(list: (record: WorldRecord) => readonly T[]): (() => readonly T[]) => {
    const cursor = new Cursor(() => list(this.record));
    return () => cursor.take();
  };

  /** The genuine objects of one type that somebody sent, by digest. */
  objects<T extends ObjectType>(type: T): ReadonlyMap<string, OpenedObject<T>> {
    return (this.#objects[type] ?? new Map()) as ReadonlyMap<string, OpenedObject<T>>;
  }

  /** Reads on to the end of the record. */
  catchUp(): void {
    for (const sent of this.#newSent.take()) this.#readSent(sent);
    for (const stored of this.#newStored.take()) this.#readRecords(stored, false);
    for (const found of this.#newFound.take()) this.#readRecords(found, true);
    for (const made of this.#newSignatures.take()) {
      if (!this.devices.has(made.party)) continue;
      if (isJson(made)) this.signedJson.push(made);
      else this.signed.push(signedByWearer(made));
    }
  }

  #readSent({ payload, ...lived }: WorldRecord['sent'][number]): void {
    const key = textOf(payload);
    if (this.sent.has(key)) return;
    this.sent.add(key);
    const { type: carrier } = frameHead(payload);
    const alike = this.byType.get(carrier);
    if (alike) alike.push(payload);
    else this.byType.set(carrier, [payload]);
    if (carrier === 'instrument') {
      const told = bodyOf(payload).body as unknown as Instrument;
      this.instruments.set(told.delegationId, told);
    }
    if (carrier === 'sub-account-result')
      this.accountAnswers.push({ ...lived, ...(bodyOf(payload).body as unknown as SubAccountResult) });
    if (carrier === 'sub-account-request') {
      const asked = bodyOf(payload).body as unknown as SubAccountRequest;
      if (!this.accountsAsked.has(asked.requestId)) this.accountsAsked.set(asked.requestId, { ...lived, ...asked });
    }
    if (carrier === 'sub-account-order') {
      const { requestId, order } = bodyOf(payload).body as { readonly requestId: string; readonly order: Uint8Array };
      const firstAt = this.#ordersSent.get(textOf(order)) ?? lived.seq;
      this.#ordersSent.set(textOf(order), firstAt);
      if (!this.ordersAsked.has(requestId)) this.ordersAsked.set(requestId, firstAt);
    }
    for (const [type, field] of carriedObjects(carrier)) {
      const bytes = bodyOf(payload).body[field];
      if (!(bytes instanceof Uint8Array)) continue;
      const text = `${type} ${textOf(bytes)}`;
      if (this.#objectsSeen.has(text)) continue;
      this.#objectsSeen.add(text);
      const opened = genuine(type, bytes, this.about.tenant);
      if (opened) (this.#objects[type] as Map<string, unknown> | undefined)?.set(opened.digest, opened);
    }
  }

  /** What is found at a start was mostly stored before; a write that was complete when the power went was not. */
  #readRecords({ party, disk, records, at, seq, life }: StoredRecords, isFound: boolean): void {
    const isDevice = this.devices.has(party);
    if (disk !== 'journal' || !(isDevice || this.#services.has(party))) return;
    for (const record of records) {
      const key = `${party}/${textOf(record)}`;
      if (isFound && this.#recordsSeen.has(key)) continue;
      this.#recordsSeen.add(key);
      const lived = { at, seq, party, life };
      if (!isDevice) {
        this.#keep(lived, frameOfService(record), isFound);
        continue;
      }
      const entry = decodeRecord(record);
      for (const { frame } of entry.sent) {
        const text = textOf(frame);
        this.framesAt.set(text, Math.min(seq, this.framesAt.get(text) ?? seq));
      }
      this.entries.push({ ...lived, entry });
      this.#keep(lived, entry.received, isFound);
    }
  }

  #keep(lived: Lived, frame: Uint8Array | undefined, isFound: boolean): void {
    if (!frame || frame.length === 0) return;
    const key = textOf(frame);
    this.kept.add(`${lived.party}/${key}`);
    const { at, seq, party, life } = lived;
    this.received.push({ at, seq, party, life, frame, key, isFound });
  }
}
