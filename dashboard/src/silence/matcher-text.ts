import type { Matcher } from '#shared/silence/schema.ts';

export const FIELDS = ['service', 'severity', 'rule_id', 'category', 'labels.', 'group.'] as const;
const FIELD = /^(service|severity|rule_id|category|(labels|group)\..{1,128})$/;
const FIELD_WORDS: Readonly<Record<string, string>> = {
  service: 'service',
  severity: 'severity',
  rule_id: 'rule',
  category: 'category',
};
export const OP_WORDS: Readonly<Record<Matcher['op'], string>> = {
  '=': 'is',
  '!=': 'is not',
  '=~': 'matches',
  '!~': 'does not match',
};

/** `labels.env` → `label env`. */
export function fieldWords(field: string): string {
  if (field.startsWith('labels.')) return `label ${field.slice('labels.'.length)}`;
  if (field.startsWith('group.')) return `group ${field.slice('group.'.length)}`;
  return FIELD_WORDS[field] ?? field;
}

/** One condition in words, its value apart, because producers write values. */
export function matcherWords({ field, op, value }: Matcher): { ask: string; value: string } {
  if (value === '' && (op === '=' || op === '=~'))
    return { ask: `${fieldWords(field)} is missing`, value: '' };
  if (value === '' && (op === '!=' || op === '!~'))
    return { ask: `${fieldWords(field)} is present`, value: '' };
  return { ask: `${fieldWords(field)} ${OP_WORDS[op]}`, value };
}

/** The same on one line, for questions and messages. */
export function matchersLine(matchers: readonly Matcher[]): string {
  return matchers
    .map(matcherWords)
    .map(({ ask, value }) => (value === '' ? ask : `${ask} “${value}”`))
    .join(' and ');
}

/** Why conditions cannot be asked of the server yet; undefined when they can. */
export function faultOf(matchers: readonly Matcher[]): string | undefined {
  if (matchers.length === 0) return 'At least one condition is needed, or every alert would match.';
  const wrong = matchers.find(({ field }) => !FIELD.test(field));
  if (wrong) return `Name the ${wrong.field.startsWith('group.') ? 'group field' : 'label'} first.`;
  if (matchers.every(({ op, value }) => value === '' && (op === '=' || op === '=~')))
    return 'Say what at least one field is.';
  return undefined;
}

/** Conditions from JSON text: a list of `{field, op, value}`. Undefined when it is none. */
export function readMatchers(text: string | null): Matcher[] | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return Array.isArray(value) && value.length > 0 && value.every(isMatcher) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isMatcher(value: unknown): value is Matcher {
  const { field, op, value: text } = (value ?? {}) as Partial<Record<keyof Matcher, unknown>>;
  const isKnown = typeof op === 'string' && Object.hasOwn(OP_WORDS, op);
  return typeof field === 'string' && FIELD.test(field) && isKnown && typeof text === 'string';
}
