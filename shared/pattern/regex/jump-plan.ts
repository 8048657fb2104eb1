import { bitsOf, spanOf } from './bits.ts';
import type { Automaton } from './glushkov.ts';
import { REGEX_STEPS_MAX } from './limit.ts';
import { RegexFault } from './reader.ts';

/** Positions whose jumps are looked up together. */
const BLOCK = 8;

/**
 * How positions jump: steps that are neither to the same position nor to the next one. Where positions
 * far apart jump to the same ones, as at the end of a group, a mask says whether any of them is there;
 * what is left goes by tables, each for eight positions at once.
 */
export interface JumpPlan {
  /** Five numbers a gate: source words from, below, target words from, below, place in `masks`. */
  gates: Int32Array;
  masks: Int32Array;
  /** Five numbers a block: word, shift, target words from, below, place in the tables. */
  blocks: Int32Array;
  /** Words touched in one step. */
  steps: number;
  fillTables(): Int32Array;
}

/** The numbers of one gate, and of one block. */
export const PLAN_FIELDS = 5;

/** Throws RegexFault when one step would touch too many words. */
export function planJumps({ next, always }: Automaton): JumpPlan {
  const known = new Set(always);
  const plan = planOf(
    next.map((to, at) => to.filter((each) => each !== at && each !== at + 1 && !known.has(each))),
  );
  const steps = plan.steps + 2 * ((next.length + 31) >>> 5);
  if (steps > REGEX_STEPS_MAX)
    throw new RegexFault(
      `takes ${steps} steps for each character; at most ${REGEX_STEPS_MAX}: ` +
        'repeat fewer alternatives and lower the counts, or make several expressions of it',
    );
  return plan;
}

/** `jumps[n]`: where position n jumps. */
function planOf(jumps: readonly (readonly number[])[]): JumpPlan {
  const rest = jumps.map((to) => [...to]);
  const gates: number[] = [];
  const masks: number[] = [];
  let steps = 0;
  for (const { sources, targets } of gatesIn(jumps)) {
    for (const source of sources) rest[source] = [];
    const from = spanOf(sources);
    const to = spanOf(targets);
    gates.push(from.low, from.high, to.low, to.high, masks.length);
    masks.push(...bitsOf(sources, from.high).subarray(from.low));
    masks.push(...bitsOf(targets, to.high).subarray(to.low));
    steps += 1 + from.high - from.low + to.high - to.low;
  }
  const blocks: number[] = [];
  let size = 0;
  for (let from = 0; from < rest.length; from += BLOCK) {
    const to = rest.slice(from, from + BLOCK).flat();
    if (to.length === 0) continue;
    const { low, high } = spanOf(to);
    blocks.push(from >>> 5, from & 31, low, high, size);
    size += (high - low) << BLOCK;
    steps += 2 + high - low;
  }
  return {
    gates: Int32Array.from(gates),
    masks: Int32Array.from(masks),
    blocks: Int32Array.from(blocks),
    steps,
    fillTables: () => fillTables(Int32Array.from(blocks), rest, size),
  };
}

/** Jumps that positions of several blocks have in common. */
function gatesIn(jumps: readonly (readonly number[])[]) {
  const bySpot = new Map<string, { sources: number[]; targets: readonly number[] }>();
  for (const [source, targets] of jumps.entries()) {
    if (targets.length === 0) continue;
    const key = targets.toSorted((a, b) => a - b).join();
    const known = bySpot.get(key);
    if (known === undefined) bySpot.set(key, { sources: [source], targets });
    else known.sources.push(source);
  }
  return [...bySpot.values()].filter(
    ({ sources }) => sources.at(-1)! - sources[0]! >= BLOCK && sources.length > 1,
  );
}

function fillTables(
  blocks: Int32Array,
  jumps: readonly (readonly number[])[],
  size: number,
): Int32Array {
  const tables = new Int32Array(size);
  for (let n = 0; n < blocks.length; n += PLAN_FIELDS) {
    const [word, shift, low, high, table] = blocks.subarray(n, n + PLAN_FIELDS);
    const width = high! - low!;
    for (let bit = 0; bit < BLOCK; bit++) {
      const row = bitsOf(jumps[(word! << 5) + shift! + bit] ?? [], high!);
      for (let bits = 1 << bit; bits < 1 << BLOCK; bits++)
        if ((bits & (1 << bit)) !== 0)
          for (let at = 0; at < width; at++) tables[table! + bits * width + at]! |= row[low! + at]!;
    }
  }
  return tables;
}
