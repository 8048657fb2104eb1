import type { Witness } from '#shared/pattern/witness.ts';

import { BitAutomaton } from './bit-automaton.ts';
import { buildAutomaton } from './glushkov.ts';
import { planJumps } from './jump-plan.ts';
import { parseRegex } from './parse-regex.ts';
import { RegexFault } from './reader.ts';
import { regexWitness, requiredText } from './required-text.ts';
import { Search } from './search.ts';

/**
 * Compiles a regular expression of RE2's syntax to a test of whether it matches anywhere in a text, by
 * code point (half a surrogate pair is one of its own); letters are those of ASCII for `\w`, `\b` and
 * `(?i)`. Linear in the text, whatever the expression: V8's RegExp is never used. Returns the reason
 * as text when the expression is refused.
 */
export function compileRegex(source: string): ((text: string) => boolean) | string {
  try {
    const node = parseRegex(source);
    const automaton = buildAutomaton(node);
    const plan = planJumps(automaton);
    const required = requiredText(node);
    // Its tables are made when first used: most never meet a text that has what they require.
    let search: Search | undefined;
    return (text) =>
      text.includes(required) &&
      (search ??= new Search(new BitAutomaton(automaton, plan))).matches(text);
  } catch (error) {
    if (error instanceof RegexFault) return error.message;
    throw error;
  }
}

/** What every text that matches an accepted expression has. */
export function regexWitnessOf(source: string): Witness | undefined {
  try {
    return regexWitness(parseRegex(source));
  } catch (error) {
    if (error instanceof RegexFault) return undefined;
    throw error;
  }
}
