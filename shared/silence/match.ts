import type { Alert } from '#shared/alert/schema.ts';
import type { InputIssue } from '#shared/kernel/error.ts';
import { compileRegex } from '#shared/pattern/regex/compile-regex.ts';

import type { Matcher } from './schema.ts';

/** What matchers look at. */
export type Matched = Pick<
  Alert,
  'service' | 'severity' | 'rule_id' | 'category' | 'labels' | 'group'
>;
type Test = (text: string) => boolean;

/** Documents change rarely and are asked for every alert that opens. */
const compiled = new WeakMap<Matcher, Test>();

/**
 * Whether every matcher holds for the alert. Expressions run on the linear engine. One that is refused
 * (no stored document has any) holds for no alert: it must not keep people from being told. Pure.
 */
export function matches(matchers: readonly Matcher[], alert: Matched): boolean {
  return matchers.every((matcher) => testOf(matcher)(valueOf(alert, matcher.field)));
}

/** The text of a field of an alert; empty when it has none. */
export function valueOf(alert: Matched, field: string): string {
  if (field.startsWith('labels.')) return entryOf(alert.labels, field.slice('labels.'.length));
  if (field.startsWith('group.')) return entryOf(alert.group, field.slice('group.'.length));
  return alert[field as 'service' | 'severity' | 'rule_id' | 'category'] ?? '';
}

/** What is wrong with matchers, each by its place under `path`. A list that would match every alert is refused. */
export function checkMatchers(matchers: readonly Matcher[], path = 'matchers'): InputIssue[] {
  const issues = matchers.flatMap((matcher, at) => {
    const fault = testFor(matcher);
    return typeof fault === 'string' ? [{ path: `${path}.${at}.value`, message: fault }] : [];
  });
  if (issues.length === 0 && matchers.every((matcher) => testOf(matcher)('')))
    issues.push({ path, message: 'has one that an empty field does not pass, or all would match' });
  return issues;
}

function entryOf(entries: Record<string, string> | undefined, name: string): string {
  return entries && Object.hasOwn(entries, name) ? entries[name]! : '';
}

function testOf(matcher: Matcher): Test {
  let test = compiled.get(matcher);
  if (!test) {
    const made = testFor(matcher);
    compiled.set(matcher, (test = typeof made === 'string' ? () => false : made));
  }
  return test;
}

/** The test of one matcher, or why its expression is refused. */
function testFor({ op, value }: Matcher): Test | string {
  if (op === '=') return (text) => text === value;
  if (op === '!=') return (text) => text !== value;
  const whole = wholeTextTest(value);
  if (typeof whole === 'string' || op === '=~') return whole;
  return (text) => !whole(text);
}

function wholeTextTest(value: string): Test | string {
  if (value === '') return (text) => text === '';
  // Read by itself first: closing our group early must not make two valid halves of it.
  const own = compileRegex(value);
  if (typeof own === 'string') return own;
  const whole = compileRegex(`^(?:${value})$`);
  return typeof whole === 'string' ? whole : whole.test;
}
