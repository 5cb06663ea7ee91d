/** Which button a device has, and what pins it to one line (T11). */
import * as z from 'zod/mini';
import { file, got, matching, oneOf, rule, whole } from './config-rules.ts';

const HEX4 = matching(/^[0-9a-f]{4}$/, '4 lower-case hex digits, in quotes');
/** The longest name, port or serial number the kernel keeps is shorter. */
const attributeText = matching(/^[\x20-\x7e]{0,128}$/, 'up to 128 printable ASCII characters, as sysfs shows them');
const yesOrNo = rule<boolean>((value) => typeof value === 'boolean', 'true or false');

const KINDS = {
  /** The space bar or Enter, or lines on the input. */
  keyboard: z.strictObject({ kind: z.literal('keyboard') }),
  /** For a device whose signer has a button of its own. */
  none: z.strictObject({ kind: z.literal('none') }),
  /** A key of a Linux input device. The last five are what sysfs says about the enrolled one. */
  evdev: z.strictObject({
    kind: z.literal('evdev'),
    deviceFile: file,
    /** `KEY_…` or `BTN_…` in linux/input-event-codes.h. */
    keyCode: whole(1, 767),
    name: attributeText,
    phys: attributeText,
    serial: z._default(attributeText, ''),
    vendorHex: HEX4,
    productHex: HEX4,
  }),
  /** A line of a GPIO chip. */
  gpio: z.strictObject({
    kind: z.literal('gpio'),
    chip: matching(/^gpiochip\d{1,4}$/, 'the name of a chip such as gpiochip0'),
    line: whole(0, 1023),
    devicePath: matching(/^\/sys\/devices\/[\x21-\x7e]{1,256}$/, 'a path below /sys/devices'),
    activeLow: z._default(yesOrNo, false),
    bias: z._default(oneOf(['as-is', 'pull-up', 'pull-down']), 'as-is'),
  }),
  /** An app on the same machine that relays the glasses' button. */
  bridge: z.strictObject({
    kind: z.literal('bridge'),
    socketFile: file,
    tokenFile: file,
    /** Whether the app also tells if the glasses are worn. If so, nothing is confirmed until it has said that they are. */
    wear: z._default(yesOrNo, false),
  }),
} as const;

const NAMES = Object.keys(KINDS).map((kind) => JSON.stringify(kind));

/** The section `button`: its `kind` says which other keys there are. */
export const buttonConfig = z.discriminatedUnion(
  'kind',
  [KINDS.keyboard, KINDS.none, KINDS.evdev, KINDS.gpio, KINDS.bridge],
  {
    error({ code, input }) {
      if (code !== 'invalid_union') return `${input === undefined ? 'missing; ' : ''}expected a section`;
      const kind = (input as { kind?: unknown }).kind;
      return `${kind === undefined ? 'missing; ' : ''}expected one of ${NAMES.join(', ')}${got(kind)}`;
    },
  },
);

export type ButtonConfig = z.infer<typeof buttonConfig>;
