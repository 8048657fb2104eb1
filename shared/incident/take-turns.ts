/**
 * Lets tasks of one key run one after the other, so that alerts of one service that open in one process
 * do not race for the row of their incident. Other processes are kept out by the commit's expectations.
 */
export interface Turns {
  take<Value>(key: string, run: () => Promise<Value>): Promise<Value>;
}

export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return {
    async take(key, run) {
      const before = last.get(key);
      const own = (async () => {
        await before;
        return run();
      })();
      const ended = own.then(
        () => undefined,
        () => undefined,
      );
      last.set(key, ended);
      try {
        return await own;
      } finally {
        if (last.get(key) === ended) last.delete(key);
      }
    },
  };
}
