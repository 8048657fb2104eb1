/** Asked before and after every asynchronous call of a process; it may wait, or never answer. */
export type Gate = (call: string, when: 'before' | 'after') => Promise<void>;

/** The port with every method passing the gate before it acts and after it has acted. */
export function gated<Port extends object>(port: Port, gate: Gate, name: string): Port {
  return new Proxy(port, {
    get(target, property, receiver) {
      const method: unknown = Reflect.get(target, property, receiver);
      if (typeof method !== 'function') return method;
      return async (...args: unknown[]) => {
        await gate(`${name}.${String(property)}`, 'before');
        const answer: unknown = await Reflect.apply(method, target, args);
        await gate(`${name}.${String(property)}`, 'after');
        return answer;
      };
    },
  });
}

/**
 * A process that dies at its `index`-th await (from 0): there its call never returns, so nothing
 * after it happens. `died` settles then; `passed` counts the awaits it lived through.
 */
export function createCrash(index: number): {
  gate: Gate;
  died: Promise<string>;
  passed(): number;
} {
  const { promise, resolve } = Promise.withResolvers<string>();
  let awaits = 0;
  return {
    died: promise,
    passed: () => awaits,
    gate: async (call, when) => {
      if (awaits++ !== index) return;
      resolve(`${when} ${call}`);
      await new Promise<never>(() => undefined);
    },
  };
}

/**
 * Runs every order in which the calls of some processes can follow each other, depth first. `start`
 * builds a fresh world and its processes, each on its own gate; `check` looks at the end of each and
 * may say "stop". Returns how many orders there were; throws past `limit`.
 */
export async function exploreOrders<World>(
  processes: number,
  start: () => Promise<{ world: World; run: (gates: readonly Gate[]) => Promise<unknown>[] }>,
  check: (world: World, order: readonly number[]) => Promise<'stop' | undefined>,
  limit = 20_000,
): Promise<number> {
  let orders = 0;
  const stack: number[][] = [[]];
  while (stack.length > 0) {
    const prefix = stack.pop()!;
    if (++orders > limit) throw new Error(`more than ${limit} orders`);
    const { world, run } = await start();
    const waiting: ((() => void) | undefined)[] = Array.from({ length: processes });
    const gates = waiting.map((_, process): Gate => {
      return (_call, when) =>
        when === 'after'
          ? Promise.resolve()
          : new Promise((resolve) => {
              waiting[process] = resolve;
            });
    });
    let ended = 0;
    const runs = run(gates).map((running) => running.finally(() => ended++));
    const settled = Promise.allSettled(runs);
    const order: number[] = [];
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (ended === processes) break;
      const ready = waiting.flatMap((resolve, process) => (resolve ? [process] : []));
      if (ready.length === 0) continue;
      const chosen = prefix[order.length] ?? ready[0]!;
      if (order.length >= prefix.length)
        for (const other of ready.slice(1)) stack.push([...order, other]);
      order.push(chosen);
      const go = waiting[chosen];
      waiting[chosen] = undefined;
      go?.();
    }
    const ends = await settled;
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    if ((await check(world, order)) === 'stop') break;
  }
  return orders;
}
