/** Something a process asked of the world and has no answer to yet. */
export interface Call {
  /** How many calls the process made before it. */
  id: number;
  name: string;
  args: readonly unknown[];
}

export type Answer = { value: unknown } | { error: Error };

/** What a process does: asynchronous production code whose every await that matters is an `ask`. */
export interface Program {
  /** The same text for the same code with the same input. */
  key: string;
  run(
    ask: (name: string, args: readonly unknown[]) => Promise<unknown>,
    clock: Clock,
  ): Promise<unknown>;
}

/** The clock of one process: the world's time when it was last answered. */
interface Clock {
  now: number;
}

interface Fed {
  call: number;
  /** The same text for the same answer. */
  key: string;
  answer: Answer;
  now: number;
  /** Whether the process went on and asked something new, or ended. */
  moved: boolean;
}

/**
 * Where a process stands: everything it was told so far, hence everything it knows. Code without a
 * clock or chance of its own is a function of what its awaits answered, so this is its whole state.
 */
export interface Point {
  id: number;
  program: Program;
  startedAt: number;
  history: readonly Fed[];
  /** Unanswered, in the order they were made. */
  calls: readonly Call[];
  end?: Answer;
}

/** Processes that can be forked: a point is reached by running the code anew and telling it the same again. */
export interface Processes {
  begin(program: Program, now: number): Point | Promise<Point>;
  /** The process after an answer to one of its calls. At once when some process was there before. */
  feed(
    point: Point,
    call: number,
    key: string,
    answer: Answer,
    now: number,
  ): Point | Promise<Point>;
  /** Points found so far. */
  count(): number;
}

export function createProcesses(): Processes {
  const known = new Map<string, Point>();
  const followed = new Map<string, Point>();
  let made = 0;

  async function reach(
    program: Program,
    startedAt: number,
    history: readonly Fed[],
    name: string,
  ): Promise<Point> {
    const found = known.get(name);
    if (found) return found;
    const point = {
      id: made++,
      program,
      startedAt,
      ...(await replay(program, startedAt, history)),
    };
    known.set(name, point);
    return point;
  }

  return {
    count: () => made,
    begin(program, now) {
      const name = nameOf(program, now, []);
      return known.get(name) ?? reach(program, now, [], name);
    },
    feed(point, call, key, answer, now) {
      const short = `${point.id} ${call} ${now} ${key}`;
      const found = followed.get(short);
      if (found) return found;
      const { program, startedAt } = point;
      const history = inOrder([...point.history, { call, key, answer, now, moved: false }]);
      const name = nameOf(program, startedAt, history);
      return reach(program, startedAt, history, name).then((reached) => {
        followed.set(short, reached);
        return reached;
      });
    },
  };
}

function nameOf(program: Program, startedAt: number, history: readonly Fed[]): string {
  const told = history.map(({ call, key, now }) => `${call}@${now}=${key}`);
  return JSON.stringify([program.key, startedAt, ...told]);
}

/**
 * Answers to calls that were awaited together make the same process whatever order they came in, so
 * they stand in one order. The clock it reads next is that of the last of them.
 */
function inOrder(history: Fed[]): Fed[] {
  const last = history.at(-1)!;
  const from = history.findLastIndex(({ moved }) => moved) + 1;
  const together = history.slice(from).map((fed) => ({ ...fed, now: last.now }));
  return [...history.slice(0, from), ...together.sort((a, b) => a.call - b.call)];
}

/** Runs the code from its beginning, telling it what it was told. */
async function replay(
  program: Program,
  startedAt: number,
  history: readonly Fed[],
): Promise<Pick<Point, 'history' | 'calls' | 'end'>> {
  const clock = { now: startedAt };
  const waiting = new Map<number, { call: Call; tell(answer: Answer): void }>();
  let asked = 0;
  let end: Answer | undefined;
  const ask = (name: string, args: readonly unknown[]) =>
    new Promise((resolve, reject) => {
      const call = { id: asked++, name, args };
      const tell = (answer: Answer) =>
        'error' in answer ? reject(answer.error) : resolve(answer.value);
      waiting.set(call.id, { call, tell });
    });
  program.run(ask, clock).then(
    (value) => (end = { value }),
    (error: Error) => (end = { error }),
  );
  await quiet();
  const lived: Fed[] = [];
  for (const fed of history) {
    const before = asked;
    clock.now = fed.now;
    const asker = waiting.get(fed.call)!;
    waiting.delete(fed.call);
    asker.tell(fed.answer);
    await quiet();
    lived.push({ ...fed, moved: asked > before || end !== undefined });
  }
  const calls = [...waiting.values()].map(({ call }) => call);
  return { history: lived, calls, ...(end && { end }) };
}

/** Until every promise that can settle has done so. */
function quiet(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
