/** A module loader's hook that puts one module into the place of another; Node runs it in a thread of its own. */

/** Which module, and what stands in for it: URLs. */
export interface Swap {
  readonly module: string;
  readonly standIn: string;
}

interface Resolved {
  readonly url: string;
}
type NextResolve = (specifier: string, context: unknown) => Promise<Resolved>;

let swap: Swap | undefined;

/** Called once by `module.register` with its data. */
export function initialize(data: Swap): void {
  swap = data;
}

/** Called for each import. */
export async function resolve(specifier: string, context: unknown, next: NextResolve): Promise<Resolved> {
  const resolved = await next(specifier, context);
  return swap !== undefined && resolved.url === swap.module ? { ...resolved, url: swap.standIn } : resolved;
}
