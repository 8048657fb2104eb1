import type { Breach } from './invariant.ts';
import type { State } from './state.ts';
import type { Step } from './state.ts';
import type { World } from './world.ts';

/** What came of looking at every moment. */
export interface Exploration {
  states: number;
  transitions: number;
  /** Steps of the longest shortest way to a moment. */
  depth: number;
  atRest: number;
  /** Whether every moment that can be reached was looked at. */
  complete: boolean;
  breach?: Breach & { steps: string[] };
}

/**
 * Looks at every moment of a world, breadth first, so that what breaks is shown by a shortest way to it.
 * Stops at the first breach, and past `statesMax`.
 */
export async function explore(world: World, statesMax = 5_000_000): Promise<Exploration> {
  const known = new Map<string, number>([[world.nameOf(world.begin), 0]]);
  /** By number: the moment before, and which of its steps led here. */
  const before = [0];
  const ordinal = [0];
  const edges: number[][] = [];
  const resting: number[] = [];
  let frontier: { number: number; state: State }[] = [{ number: 0, state: world.begin }];
  let transitions = 0;
  let depth = 0;
  const result = (breach?: Exploration['breach'], complete = false): Exploration => ({
    states: known.size,
    transitions,
    depth,
    atRest: resting.length,
    complete,
    ...(breach && { breach }),
  });

  while (frontier.length > 0) {
    const next: typeof frontier = [];
    for (const { number, state } of frontier) {
      const steps = await world.follow(state);
      const to: number[] = [];
      for (const [index, step] of steps.entries()) {
        transitions++;
        if (step.breach)
          return result({ ...step.breach, steps: [...(await wayTo(number)), step.says] });
        const name = world.nameOf(step.next);
        let reached = known.get(name);
        if (reached === undefined) {
          reached = known.size;
          known.set(name, reached);
          before.push(number);
          ordinal.push(index);
          next.push({ number: reached, state: step.next });
        }
        to.push(reached);
      }
      edges[number] = to;
      if (world.isAtRest(state)) {
        resting.push(number);
        const breach = world.judgeRest(state);
        if (breach) return result({ ...breach, steps: await wayTo(number) });
      }
    }
    if (known.size > statesMax) return result();
    if (next.length > 0) depth++;
    frontier = next;
  }
  const stuck = neverAtRest(edges, resting);
  if (stuck !== undefined)
    return result({
      invariant: 'everything comes to rest',
      detail: 'no step leads to rest from here',
      steps: await wayTo(stuck),
    });
  return result(undefined, true);

  /** The shortest way to a moment, told again from the beginning. */
  async function wayTo(number: number): Promise<string[]> {
    const way: number[] = [];
    for (let at = number; at !== 0; at = before[at]!) way.push(ordinal[at]!);
    const says: string[] = [];
    let state = world.begin;
    for (const index of way.toReversed()) {
      const step: Step = (await world.follow(state))[index]!;
      says.push(step.says);
      state = step.next;
    }
    return says;
  }
}

/** The first moment from which no way leads to rest. */
function neverAtRest(edges: readonly number[][], resting: readonly number[]): number | undefined {
  const from: number[][] = edges.map(() => []);
  for (const [number, to] of edges.entries()) for (const reached of to) from[reached]!.push(number);
  const calm = new Uint8Array(edges.length);
  const left = [...resting];
  for (const number of resting) calm[number] = 1;
  while (left.length > 0)
    for (const number of from[left.pop()!]!) {
      if (calm[number]) continue;
      calm[number] = 1;
      left.push(number);
    }
  const stuck = calm.indexOf(0);
  return stuck < 0 ? undefined : stuck;
}
