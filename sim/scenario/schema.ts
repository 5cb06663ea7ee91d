/** The language of scenarios: what a file may say. The JSON Schema for editors is made from it, and each key's sentence with it. */
import * as z from 'zod/mini';
import { PROFILES, type ProfileId } from '../../device/index.ts';
import { FRAMES, type FrameType, PAYMENT_ERRORS, type PaymentError, type TaskState } from '../../protocol/index.ts';
import { DELEGATION_STATES } from '../delegation-states.ts';
import type { Moment } from '../life.ts';
import { PURCHASE_STATES } from '../purchase-states.ts';
import { SPAN, TIME_OF_DAY } from './units.ts';

const FRAME_TYPES = Object.keys(FRAMES) as [FrameType, ...FrameType[]];
const MOMENTS = ['store', 'stored', 'send', 'sent', 'taken', 'ack', 'acked', 'sign', 'signed', 'present'] as const;

const TASK_STATES = [
  'accepted',
  'refused',
  'watching',
  'asking',
  'buying',
  'done',
  'ended',
] as const satisfies TaskState[];
/** Signed objects that a scenario can change inside the frames that carry them. */
const CARRIED_OBJECTS = [
  'cart',
  'challenge',
  'confirmation',
  'receipt',
  'fulfilment',
  'authorization',
  'delegation-challenge',
  'lifecycle-order',
  'sub-account-order',
  'delegated-pay-request',
  'delegation-status',
  'refund',
] as const;

/** A schema with the sentence that an editor shows for it. */
function said<T extends z.ZodMiniType>(schema: T, description: string): T {
  z.globalRegistry.add(schema, { description });
  return schema;
}

const text = () => z.string().check(z.minLength(1));
const texts = () => z.union([text(), z.array(text())]);
const span = () => z.string().check(z.regex(SPAN));
const frame = () => z.enum(FRAME_TYPES);
const many = (max: number) => z.int().check(z.minimum(0), z.maximum(max));
const yuan = () => z.number().check(z.minimum(0), z.maximum(1_000_000));
const values = () => z.record(z.string(), z.unknown());

/** Which frames a fault is about. */
const AIM = {
  frame: said(frame(), 'the type of the frame'),
  nth: said(z.optional(many(1_000)), 'which one of them from this step on; 1 unless said'),
  times: said(z.optional(many(1_000)), 'how many of them, one after the other; 1 unless said'),
};

const change = () =>
  z.record(
    z.string(),
    z.union([
      z.string(),
      z.number(),
      z.boolean(),
      z.array(z.unknown()),
      z.strictObject({ plus: z.number() }),
      z.strictObject({ remove: z.literal(true) }),
      z.strictObject({ of: z.literal('other-device') }),
    ]),
  );
const LIE = {
  frame: said(frame(), 'the type of the frame that says something else'),
  inside: said(
    z.optional(z.enum(CARRIED_OBJECTS)),
    'the signed object in the frame that is changed; the frame itself unless said',
  ),
  set: said(
    z.optional(change()),
    'fields by their path, as totalMinor or lines[0].quantity, and what they say: a value, {plus: 100}, {remove: true} or {of: other-device}',
  ),
  'signed-by': said(
    z.optional(z.enum(['owner', 'other-device', 'stranger'])),
    'whose key signs what was changed: that of who should sign it, the other device’s, or one that nobody knows',
  ),
};

const press = z.strictObject({
  after: said(z.optional(span()), 'after everything was shown or said; 1.3 s unless said'),
  for: said(z.optional(span()), 'how long the button is held; 1 s unless said'),
});

/** Everything one step can do. A step has exactly one of these keys, and perhaps `within`. */
const VERBS = {
  say: said(
    texts(),
    'the wearer says this as soon as the device listens, or wakes it with an order; several: what the recogniser takes it for, best first',
  ),
  interrupt: said(text(), 'the wearer says this at once, whatever the device is doing'),
  push: said(text(), 'a transcript that the device’s own speech service pushes, without an open ear'),
  unheard: said(
    z.enum(['silence', 'too-long', 'not-understood', 'recogniser-failed']),
    'the device listens, and no words come out of it',
  ),
  hear: said(texts(), 'waits until the device has said this since the wearer last did something'),
  see: said(texts(), 'waits until the display has shown this since the wearer last did something'),
  wait: said(z.enum(PURCHASE_STATES), 'waits until the purchase stands there'),
  delegation: said(
    z.enum([...DELEGATION_STATES, 'none']),
    'waits until the latest delegation stands there, or until there is none',
  ),
  task: said(z.enum(TASK_STATES), 'waits until the agent has said so of the latest delegation'),
  account: said(
    z.enum(['none', 'available', 'frozen', 'cancelled']),
    'waits until the device knows the sub-account of the latest delegation to stand so, by the PSP’s word',
  ),
  payments: said(many(1_000), 'waits until the device holds so many receipts under the latest delegation'),
  sent: said(frame(), 'waits until somebody has sent such a frame since the wearer last did something'),
  refusal: said(text(), 'waits until a service has refused with this code'),
  elapse: said(span(), 'lets this much virtual time go by'),
  press: said(press, 'waits until everything was shown, then presses the button'),
  edges: said(z.array(span()), 'raw edges of the button, down first, each so long after everything was shown'),
  button: said(
    z.enum(['down', 'up', 'lost']),
    'does this to the button at once; a lost one is back with its next edge',
  ),
  wear: said(z.enum(['off', 'on']), 'the device is taken off or put on'),
  cut: said(text(), 'this party loses its link: device, agent, psp or a shop'),
  mend: said(text(), 'this party has its link again'),
  broker: said(z.enum(['restarts', 'forgets']), 'the broker is gone for two seconds, with or without its sessions'),
  crash: said(text(), 'the power of this party goes now; it is back two seconds later'),
  'crash-at': said(
    z.strictObject({
      party: text(),
      moment: said(z.enum(MOMENTS as unknown as [Moment, ...Moment[]]), 'just before a store, just behind it, …'),
      nth: z.optional(many(1_000)),
    }),
    'the power of a party goes at a moment to come',
  ),
  'full-disk': said(text(), 'this party’s disk takes nothing more: device, signer, agent, psp or a shop'),
  'mend-disk': said(text(), 'this party’s disk takes something again'),
  drop: said(z.strictObject(AIM), 'frames that get lost for good'),
  delay: said(z.strictObject({ ...AIM, by: span() }), 'frames that come late'),
  duplicate: said(
    z.strictObject({ ...AIM, copies: z.optional(many(20)), apart: z.optional(span()) }),
    'frames that come several times',
  ),
  corrupt: said(z.strictObject(AIM), 'frames of which the network turns one bit around'),
  rewrite: said(
    z.strictObject({ ...AIM, ...LIE }),
    'a sender that says something else than it should, properly signed: a hostile shop, agent, PSP or device',
  ),
  forge: said(z.strictObject(LIE), 'the latest such frame once more under a new number, changed, at once'),
  replay: said(z.union([frame(), z.literal('everything')]), 'captured frames once more, byte for byte'),
  heal: said(z.literal('the network'), 'no frame gets lost, late, doubled or changed any more'),
  psp: said(z.enum(['locks', 'unlocks', 'retires']), 'an operator at the PSP does this to the device'),
  operator: said(
    z.strictObject({
      at: said(text(), 'psp, or a shop or seller'),
      says: said(
        text(),
        'the command as act-edge cloud takes it; DELEGATION and ORDER stand for the latest ones, as in: suspend DELEGATION',
      ),
    }),
    'an operator gives a command at a service',
  ),
  'sell-out': said(
    z.strictObject({ shop: text(), item: text(), leave: z.optional(many(1_000)) }),
    'others buy what a shop has of something',
  ),
  'keep-disks': said(text(), 'a copy of the device’s disks under a name'),
  'use-disks': said(text(), 'the device runs on that copy from now on'),
  'jump-clock': said(span(), 'the clock of the whole world is set forward'),
  note: said(text(), 'a sentence for the report'),
} as const;

export const step = z.strictObject(
  Object.fromEntries([
    ...Object.entries(VERBS).map(([verb, schema]) => [verb, z.optional(schema)]),
    ['within', said(z.optional(span()), 'how long this step waits; 5 min of virtual time unless said')],
  ]) as { [V in keyof typeof VERBS]: z.ZodMiniOptional<(typeof VERBS)[V]> } & {
    within: z.ZodMiniOptional<ReturnType<typeof span>>;
  },
);
/** Steps that say everything with their name. */
export const SHORT = {
  hold: { press: {} },
  click: { press: { for: '150 ms' } },
} as const satisfies Record<string, z.infer<typeof step>>;

const shopChange = z.strictObject({
  hours: said(
    z.optional(z.string().check(z.regex(/^\d\d:\d\d-\d\d:\d\d$/))),
    'when it is open every day, as 07:00-22:00, in UTC+8',
  ),
  stock: said(z.optional(z.record(z.string(), many(10_000))), 'what is on the shelf, by item'),
  price: said(z.optional(z.record(z.string(), yuan())), 'what an item costs, in yuan'),
  title: said(z.optional(z.record(z.string(), z.string())), 'what the shop calls an item, in both languages'),
  minimum: said(z.optional(yuan()), 'the least it sets out for, in yuan'),
  delivery: said(z.optional(yuan()), 'what it asks for delivery, in yuan, wherever it goes'),
  'radius-m': said(z.optional(many(100_000)), 'how far it delivers'),
});

const world = z.strictObject({
  locale: said(z.optional(z.enum(['en-US', 'zh-CN'])), 'the language the device is set to; en-US unless said'),
  display: said(
    z.optional(z.enum(Object.keys(PROFILES) as [ProfileId, ...ProfileId[]])),
    'what the device shows on; hud-480x640 unless said',
  ),
  time: said(z.optional(z.string().check(z.regex(TIME_OF_DAY))), 'when it begins, in UTC+8; 09:30 unless said'),
  'other-device': said(z.optional(z.boolean()), 'a second device is switched on, too, enrolled by another wearer'),
  seed: said(z.optional(z.string()), 'keys, ids and chances of the world'),
  balance: said(z.optional(yuan()), 'what the wearer’s account holds, in yuan; 500 unless said'),
  shops: said(z.optional(z.record(z.string(), shopChange)), 'shops that are otherwise than in the catalogue, by id'),
  'only-shops': said(z.optional(z.array(text())), 'the only shops there are'),
});

export const expectation = z.strictObject({
  ending: said(
    z.optional(text()),
    'how the last purchase ends, after everything has settled: finished, or with its reason as “refused: closed”',
  ),
  debits: said(z.optional(many(100)), 'how often the PSP has debited the wearer'),
  paid: said(z.optional(yuan()), 'what it has debited in all, in yuan'),
  payee: said(z.optional(text()), 'the shop in the receipt on the device'),
  receipt: said(z.optional(z.boolean()), 'whether the device holds a receipt that it has verified'),
  delegation: said(
    z.optional(
      z.strictObject({
        state: z.optional(z.enum([...DELEGATION_STATES, 'none'])),
        payments: said(z.optional(many(1_000)), 'for how many the device holds a receipt'),
        spent: said(z.optional(yuan()), 'what those come to, in yuan'),
        left: said(z.optional(yuan()), 'what is left of the total, in yuan'),
        refunded: said(z.optional(yuan()), 'what has gone back, in yuan'),
        outside: said(z.optional(many(1_000)), 'how many payments the device holds to be outside the bounds'),
        task: z.optional(z.enum(TASK_STATES)),
      }),
    ),
    'the latest delegation as the device holds it in the end; that the PSP’s books say the same is always checked',
  ),
  'payment-errors': said(
    z.optional(z.array(z.enum(Object.keys(PAYMENT_ERRORS) as [PaymentError, ...PaymentError[]]))),
    'why the PSP has refused payments that an agent asked for, in any order; an empty list: none was refused',
  ),
  signatures: said(z.optional(many(100)), 'how often the confirmation key has signed'),
  counter: said(z.optional(many(1_000)), 'the highest counter it has signed'),
  seen: said(z.optional(texts()), 'what the display has shown at some time'),
  heard: said(z.optional(texts()), 'what the device has said at some time'),
  'never-seen': said(z.optional(texts()), 'what the display has never shown'),
  'never-heard': said(z.optional(texts()), 'what the device has never said'),
  frames: said(z.optional(z.record(z.string(), many(10_000))), 'how many frames of a type were sent'),
  refusals: said(z.optional(z.array(text())), 'codes with which services have refused, in any order'),
  breaks: said(
    z.optional(z.array(text())),
    'invariants that are broken by what the scenario does to the world, as with a copied disk; no other may be',
  ),
  logged: said(z.optional(z.array(text())), 'codes in the device’s log'),
});

export const scenario = said(
  z.strictObject({
    scenario: said(text(), 'its name, as a claim'),
    about: said(z.optional(text()), 'what it shows and why it matters'),
    tags: said(z.optional(z.array(z.string().check(z.regex(/^[a-z0-9-]+$/)))), 'for --tags'),
    vars: said(z.optional(values()), 'values that the rest names, each in braces behind a dollar sign'),
    table: said(
      z.optional(z.array(values()).check(z.minLength(1))),
      'one run for each row, whose values go before those of vars',
    ),
    world: said(z.optional(world), 'who and what is there'),
    steps: said(
      z.array(z.union([z.enum(Object.keys(SHORT) as [keyof typeof SHORT, ...(keyof typeof SHORT)[]]), step])),
      'what happens, in order',
    ),
    expect: said(expectation, 'what must be so in the end; that no invariant was broken is always checked'),
  }),
  'A scenario for act-edge sim run',
);

export type Scenario = z.infer<typeof scenario>;
export type ScenarioWorld = z.infer<typeof world>;
export type Step = z.infer<typeof step>;
export type Expectation = z.infer<typeof expectation>;
export type Lie = Pick<NonNullable<Step['forge']>, 'frame' | 'inside' | 'set' | 'signed-by'>;
/** What a step does, without how long it waits. */
export type Verb = keyof typeof VERBS;
export const VERB_NAMES = Object.keys(VERBS) as readonly Verb[];
