/**
 * Everything that passed through a device's ports, in order, one line each: what came in, what it was told when it asked, what it
 * did. Played back line by line, the same device does the same again, to the last byte.
 */
import { base64url, fromHex, hex, sha256, utf8 } from '../../protocol/index.ts';

/**
 * - `in`: somebody calls the device: a timer, the broker, the ear, the signer. `nested`: the same from within another call.
 * - `read`: what the device was told: the time, random bytes, what a journal holds or answered, a signature of its own key.
 * - `out`: what the device did.
 */
export type LineKind = 'in' | 'nested' | 'read' | 'out';

export interface TapeLine {
  readonly kind: LineKind;
  readonly what: string;
  readonly values: readonly unknown[];
}

const BYTES = '$hex';

function packed(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? { [BYTES]: hex(value) } : value;
}

function unpacked(_key: string, value: unknown): unknown {
  const isPacked = typeof value === 'object' && value !== null && BYTES in value;
  return isPacked ? fromHex(String(value[BYTES as keyof typeof value])) : value;
}

export function writeLine({ kind, what, values }: TapeLine): string {
  return `${kind} ${what} ${JSON.stringify(values, packed)}`;
}

/** @throws SyntaxError for what no tape holds. */
export function readLine(line: string): TapeLine {
  const [, kind, what, json] = /^(in|nested|read|out) ([a-z-]+) (\[.*\])$/s.exec(line) ?? [];
  if (kind === undefined || what === undefined || json === undefined)
    throw new SyntaxError('this is no line of a tape');
  return { kind: kind as LineKind, what, values: JSON.parse(json, unpacked) as readonly unknown[] };
}

/** Bytes by their length and the start of their SHA-256: enough to see that they are others. */
export function digestOfBytes(bytes: Uint8Array): string {
  return `${bytes.length} bytes ${hex(sha256(bytes)).slice(0, 32)}`;
}

/** The same for whatever a port was given. */
export function digestOfValue(value: unknown): string {
  return digestOfBytes(utf8(JSON.stringify(value, packed)));
}

/** In place of a secret: as long as it, so that everything around it keeps its length. */
export function maskOf(secret: string): string {
  return '0'.repeat(secret.length);
}

/** Takes a secret out of whatever passes a port: as it is spelt, and as bytes that lie in base64url, as frames do in a journal. */
export class SecretMask {
  readonly #secret: string;
  readonly #mask: string;
  /** What of its base64url does not depend on its neighbours, for each place in a group of three bytes. */
  readonly #cores: readonly { readonly skipped: number; readonly core: string; readonly chars: number }[];

  /** @param secret of ASCII characters; an empty one is no secret. */
  constructor(secret: string) {
    this.#secret = secret;
    this.#mask = maskOf(secret);
    this.#cores = [0, 1, 2].map((before) => {
      const bits = 8 * (before + secret.length);
      const whole = base64url(utf8('\0'.repeat(before) + secret));
      const skipped = Math.ceil((8 * before) / 6);
      return { skipped, core: whole.slice(skipped, Math.floor(bits / 6)), chars: Math.ceil(bits / 24) * 4 };
    });
  }

  text(spelling: string): string {
    if (this.#secret === '') return spelling;
    let masked = spelling.replaceAll(this.#secret, this.#mask);
    for (const { skipped, core, chars } of this.#cores.filter((one) => one.core !== ''))
      for (let at = masked.indexOf(core); at >= 0; at = masked.indexOf(core, at + core.length))
        masked = this.#maskedAt(masked, Math.max(0, at - skipped), chars);
    return masked;
  }

  bytes(exact: Uint8Array): Uint8Array {
    const spelling = Buffer.from(exact).toString('latin1');
    const masked = this.text(spelling);
    return masked === spelling ? exact : new Uint8Array(Buffer.from(masked, 'latin1'));
  }

  /** Writes groups of four characters again, without the secret in what they stand for. The last group may be cut short. */
  #maskedAt(text: string, from: number, chars: number): string {
    const [end = ''] = /^[\w-]*/.exec(text.slice(from, from + chars)) ?? [];
    const held = Buffer.from(end, 'base64url').toString('latin1').replace(this.#secret, this.#mask);
    const again = Buffer.from(held, 'latin1').toString('base64url');
    return text.slice(0, from) + again + text.slice(from + again.length);
  }

  /** The same of a value with all that is in it. */
  value(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (value instanceof Uint8Array) return this.bytes(value);
    if (Array.isArray(value)) return value.map((one) => this.value(one));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, this.value(one)]));
  }
}
