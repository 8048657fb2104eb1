import type { OperationResult } from '#shared/api/routes.ts';

type Entry = OperationResult<'incidents.timeline'>['items'][number];

/** A timeline as a Markdown table, times in UTC, for a report. */
export function timelineMarkdown(title: string, entries: readonly Entry[]): string {
  const rows = entries.map(
    ({ timestamp, actor, entry }) => `| ${[timestamp, actor, entry].map(cell).join(' | ')} |`,
  );
  return [
    `## ${cell(title)}`,
    '',
    '| Timestamp | Actor | Entry |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

/** Text that stays in its cell and is no markup. */
function cell(text: string): string {
  return text.replace(/[\\|`*_[\]<>#]/g, (sign) => `\\${sign}`).replace(/\s+/g, ' ');
}
