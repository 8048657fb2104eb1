import { commitEdits } from '#infra/mutation/operator/commit.ts';
import { conditionEdits } from '#infra/mutation/operator/condition.ts';
import { faultEdits } from '#infra/mutation/operator/fault.ts';
import { orderEdits } from '#infra/mutation/operator/order.ts';

import { applyMutant, type Mutant } from './mutant.ts';
import { nameWithin, parse, walk } from './syntax.ts';

const OPERATORS = [conditionEdits, orderEdits, faultEdits, commitEdits];

/** Every mutant of a file in the order of its text, each once; those that no longer parse are left out. */
export function mutate(file: string, text: string): Mutant[] {
  const program = parse(file, text);
  if (!program) throw new Error(`${file} cannot be parsed`);
  const found = new Map<string, Mutant>();
  for (const place of walk(program))
    for (const operator of OPERATORS)
      for (const { what, start, end, after } of operator(place, text)) {
        const mutant: Mutant = {
          file,
          line: text.slice(0, start).split('\n').length,
          within: nameWithin([place.node, ...place.parents]),
          what,
          before: text.slice(start, end),
          after,
          start,
        };
        const mutated = applyMutant(text, mutant);
        if (mutated !== text && parse(file, mutated) && !found.has(mutated))
          found.set(mutated, mutant);
      }
  return [...found.values()].sort((a, b) => a.start - b.start);
}
