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

/** A gate that a process lives behind until it dies, where every one of its calls stops for ever. */
interface Life {
  gate: Gate;
  /** Settles with the call it died at. */
  died: Promise<string>;
}

/**
 * Processes of which the one that comes to the `index`-th await of all (from 0) dies: there its call
 * never returns, nor does any that it makes beside it, so nothing of it happens any more. Whoever
 * `begin`s later lives. `passed` counts the awaits that were lived through.
 */
export function createFate(index: number): { begin(): Life; passed: () => number } {
  let awaits = 0;
  let isOver = false;
  return {
    passed: () => awaits,
    begin() {
      const { promise, resolve } = Promise.withResolvers<string>();
      let isDead = false;
      const gate: Gate = async (call, when) => {
        if (!isDead && (isOver || awaits++ !== index)) return;
        isDead = true;
        isOver = true;
        resolve(`${when} ${call}`);
        await new Promise<never>(() => undefined);
      };
      return { gate, died: promise };
    },
  };
}

/** One process that dies at its `index`-th await. */
export function createCrash(index: number): Life & { passed: () => number } {
  const fate = createFate(index);
  return { ...fate.begin(), passed: fate.passed };
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
