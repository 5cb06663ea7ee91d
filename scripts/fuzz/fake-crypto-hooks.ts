/** A module loader's hook that puts modules into the places of others; Node runs it in a thread of its own. */

/** Which module, and what stands in for it: URLs. */
export interface Swap {
  readonly module: string;
  readonly standIn: string;
}

interface Resolved {
  readonly url: string;
}
type NextResolve = (specifier: string, context: unknown) => Promise<Resolved>;

let swaps: readonly Swap[] = [];

/** Called once by `module.register` with its data. */
export function initialize(data: readonly Swap[]): void {
  swaps = data;
}

/** Called for each import. */
export async function resolve(specifier: string, context: unknown, next: NextResolve): Promise<Resolved> {
  const resolved = await next(specifier, context);
  const swap = swaps.find(({ module }) => module === resolved.url);
  return swap ? { ...resolved, url: swap.standIn } : resolved;
}
