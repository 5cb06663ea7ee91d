/** What takes secrets out of a tape. */
import { base64url, utf8 } from '../../protocol/index.ts';

/** In place of a secret: as long as it, so that everything around it keeps its length. */
export function maskOf(secret: string): string {
  return '0'.repeat(secret.length);
}

/** One secret and how it is spelt. */
interface Spelling {
  readonly secret: string;
  /** What of its base64url does not depend on its neighbours, for each place in a group of three bytes. */
  readonly cores: readonly { readonly skipped: number; readonly core: string; readonly chars: number }[];
}

function spellingOf(secret: string): Spelling {
  const cores = [0, 1, 2].map((before) => {
    const bits = 8 * (before + secret.length);
    const whole = base64url(utf8('\0'.repeat(before) + secret));
    const skipped = Math.ceil((8 * before) / 6);
    return { skipped, core: whole.slice(skipped, Math.floor(bits / 6)), chars: Math.ceil(bits / 24) * 4 };
  });
  return { secret, cores: cores.filter(({ core }) => core !== '') };
}

/** Takes secrets out of whatever passes a port: as they are spelt, and as bytes that lie in base64url, as frames do in a journal. */
export class SecretMask {
  #spellings: readonly Spelling[] = [];

  /** @param secret of ASCII characters; an empty one is no secret. */
  constructor(secret: string) {
    this.add(secret);
  }

  /** From now on this one, too. */
  add(secret: string): void {
    if (secret !== '' && this.#spellings.every((one) => one.secret !== secret))
      this.#spellings = [...this.#spellings, spellingOf(secret)];
  }

  text(spelling: string): string {
    return this.#spellings.reduce(maskedText, spelling);
  }

  bytes(exact: Uint8Array): Uint8Array {
    const spelling = Buffer.from(exact).toString('latin1');
    const masked = this.text(spelling);
    return masked === spelling ? exact : new Uint8Array(Buffer.from(masked, 'latin1'));
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

function maskedText(text: string, { secret, cores }: Spelling): string {
  let masked = text.replaceAll(secret, maskOf(secret));
  for (const { skipped, core, chars } of cores)
    for (let at = masked.indexOf(core); at >= 0; at = masked.indexOf(core, at + core.length))
      masked = maskedAt(masked, { from: Math.max(0, at - skipped), chars, secret });
  return masked;
}

interface Place {
  readonly from: number;
  readonly chars: number;
  readonly secret: string;
}

/** Writes groups of four characters again, without the secret in what they stand for. The last group may be cut short. */
function maskedAt(text: string, { from, chars, secret }: Place): string {
  const [end = ''] = /^[\w-]*/.exec(text.slice(from, from + chars)) ?? [];
  const held = Buffer.from(end, 'base64url').toString('latin1').replace(secret, maskOf(secret));
  const again = Buffer.from(held, 'latin1').toString('base64url');
  return text.slice(0, from) + again + text.slice(from + again.length);
}
