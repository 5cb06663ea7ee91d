import { afterEach, describe, expect, it } from 'vitest';

/**
 * What every body of one port must do. `S` is a stand: one body, fresh for each claim, with whatever it takes to look at it
 * from outside, and a `dispose` where something must be put away afterwards.
 */
export interface Contract<S extends object> {
  /** Makes one test of each claim. */
  holdsFor(body: string, makeStand: () => S | Promise<S>): void;
  /** The claims that a body breaks: a contract that no body can break would prove nothing. */
  brokenBy(makeStand: () => S | Promise<S>): Promise<string[]>;
}

/** Claims read as the end of the sentence "a body of this port …". */
export function contract<S extends object>(
  port: string,
  claims: Readonly<Record<string, (stand: S) => void | Promise<void>>>,
): Contract<S> {
  const all = Object.entries(claims);
  return {
    holdsFor(body, makeStand) {
      describe(`${port}: ${body}`, () => {
        let stand: S | undefined;
        afterEach(async () => {
          if (stand) await dispose(stand);
          stand = undefined;
        });
        it.each(all)('%s', async (_claim, check) => {
          stand = await makeStand();
          await check(stand);
        });
      });
    },
    async brokenBy(makeStand) {
      const broken: string[] = [];
      for (const [claim, check] of all) {
        const stand = await makeStand();
        try {
          await check(stand);
        } catch {
          broken.push(claim);
        }
        await dispose(stand);
      }
      return broken;
    },
  };
}

async function dispose(stand: { dispose?(): unknown }): Promise<void> {
  await stand.dispose?.();
}

/** Proves that a contract notices one deliberately wrong body, by the claim it was made to break. */
export function notices<S extends object>(
  suite: Contract<S>,
  flaws: readonly (readonly [flaw: string, claim: string, makeStand: () => S | Promise<S>])[],
): void {
  it.each(flaws)('would notice a body that %s', async (_flaw, claim, makeStand) => {
    expect(await suite.brokenBy(makeStand)).toContain(claim);
  });
}

/** Conditions that are looked at whenever something happened: waiting without sleeping. */
export function watching(): { happened(): void; until(condition: () => boolean): Promise<void> } {
  const looks = new Set<() => void>();
  return {
    happened() {
      for (const look of [...looks]) look();
    },
    until: (condition) =>
      new Promise((resolve) => {
        const look = () => {
          if (!condition()) return;
          looks.delete(look);
          resolve();
        };
        looks.add(look);
        look();
      }),
  };
}
