import type { Witness } from '#shared/pattern/witness.ts';

import { BitAutomaton } from './bit-automaton.ts';
import { buildAutomaton } from './glushkov.ts';
import { planJumps } from './jump-plan.ts';
import type { Node } from './node.ts';
import { parseRegex } from './parse-regex.ts';
import { RegexFault } from './reader.ts';
import { regexWitness, requiredText } from './required-text.ts';
import { Search } from './search.ts';

type TextTest = (text: string) => boolean;

/** An expression made ready, with what every text that matches it has. */
interface CompiledRegex {
  test: TextTest;
  witness: Witness | undefined;
  /** Where not all of it has a witness, but each of its alternatives: those, one of which matches. */
  alternatives: readonly { test: TextTest; witness: Witness }[];
}

/** Alternatives that are filed one by one; more of them are tried together on every text. */
const ALTERNATIVES_MAX = 32;

/**
 * Compiles a regular expression of RE2's syntax to a test of whether it matches anywhere in a text, by
 * code point (half a surrogate pair is one of its own); letters are those of ASCII for `\w`, `\b` and
 * `(?i)`. Linear in the text, whatever the expression: V8's RegExp is never used. Returns the reason
 * as text when the expression is refused.
 */
export function compileRegex(source: string): CompiledRegex | string {
  try {
    const node = parseRegex(source);
    const witness = regexWitness(node);
    const alternatives = witness === undefined ? alternativesOf(node) : [];
    return { test: testOf(node), witness, alternatives };
  } catch (error) {
    if (error instanceof RegexFault) return error.message;
    throw error;
  }
}

function testOf(node: Node): TextTest {
  const automaton = buildAutomaton(node);
  const plan = planJumps(automaton);
  const required = requiredText(node);
  // Its tables are made when first used: most never meet a text that has what they require.
  let search: Search | undefined;
  return (text) =>
    text.includes(required) &&
    (search ??= new Search(new BitAutomaton(automaton, plan))).matches(text);
}

function alternativesOf(node: Node): CompiledRegex['alternatives'] {
  if (node.kind !== 'either' || node.parts.length > ALTERNATIVES_MAX) return [];
  const found = node.parts.flatMap((part) => {
    const witness = regexWitness(part);
    return witness === undefined ? [] : [{ test: testOf(part), witness }];
  });
  return found.length === node.parts.length ? found : [];
}
