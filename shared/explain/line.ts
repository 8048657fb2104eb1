import { cleanText } from '#shared/rule/clean-text.ts';

import type { ExplainLine, ExplainOutcome } from './schema.ts';

const SENTENCE_MAX = 600;
const ID_MAX = 256;

/** One line; what strangers wrote into it is shown as text: no controls, no marks that turn its direction. */
export function line(
  at: string,
  kind: ExplainLine['kind'],
  outcome: ExplainOutcome,
  sentence: string,
  ids: Readonly<Record<string, string | number | undefined>> = {},
): ExplainLine {
  const shown = Object.entries(ids).flatMap(([name, id]) =>
    id === undefined ? [] : [[name, cleanText(String(id), ID_MAX)] as const],
  );
  return { at, kind, outcome, sentence: show(sentence), ids: Object.fromEntries(shown) };
}

/** One clean line of text. */
export function show(text: string): string {
  return cleanText(text, SENTENCE_MAX);
}

/** Lines in order of time; those of one time stay in their order. */
export function inOrder(lines: readonly ExplainLine[]): ExplainLine[] {
  return lines.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
}
