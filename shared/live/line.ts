import type { Alert } from '#shared/alert/schema.ts';

import type { AlertLine } from './schema.ts';

const TITLE_MAX = 512;
const TEXT_MAX = 256;
const LABELS_MAX = 16;

/** The alert as one line of a list; texts of producers are cut so that a line stays small. */
export function alertLine(alert: Alert): AlertLine {
  const { evidence: _evidence, explain: _explain, ...line } = alert;
  return {
    ...line,
    title: cut(alert.title, TITLE_MAX),
    service: cut(alert.service, TEXT_MAX),
    group_key: cut(alert.group_key, TEXT_MAX),
    group: cutAll(alert.group),
    ...(alert.labels && { labels: cutAll(alert.labels) }),
  };
}

function cutAll(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts)
      .slice(0, LABELS_MAX)
      .map(([name, text]) => [cut(name, TEXT_MAX), cut(text, TEXT_MAX)]),
  );
}

function cut(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1).toWellFormed()}…`;
}
