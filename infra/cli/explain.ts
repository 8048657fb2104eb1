import { parseArgs } from 'node:util';

import type { ExplainLine, Explained } from '#shared/explain/schema.ts';
import type { Delivery } from '#shared/notification/schema.ts';
import { cleanText } from '#shared/rule/clean-text.ts';

import { proofLines, proveDeliveries } from './delivery-proof.ts';
import { type ApiTarget, callApi } from './local-api.ts';

const LINE_MAX = 700;

const OPTIONS = {
  user: { type: 'string', default: 'rosa' },
  url: { type: 'string' },
  json: { type: 'boolean', default: false },
  event: { type: 'string' },
  at: { type: 'string' },
} as const;

/** Prints why an alert told people or did not, or with `--event` what became of an event. */
export async function explain(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: OPTIONS });
  const [alertId] = positionals;
  const query = new URLSearchParams();
  if (values.event !== undefined) query.set('event', values.event);
  else if (alertId !== undefined) query.set('alert', alertId);
  else
    throw new Error(
      'Of what? npx sentry explain <alert_id>, or --event <event_id> [--at 2026-11-23T12:00:00Z]',
    );
  if (values.at !== undefined) query.set('at', values.at);
  const explained = await ask(values, query);
  if (values.json) return console.log(JSON.stringify(explained, null, 2));
  for (const text of explainedLines(explained)) console.log(text);
}

/** Prints every message of an alert from intent to receipt; exits with 1 when one was never confirmed. */
export async function prove(args: string[]): Promise<void> {
  const { user, url, json } = OPTIONS;
  const options = { user, url, json };
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const [alertId] = positionals;
  if (alertId === undefined) throw new Error('Of which alert? npx sentry prove <alert_id>');
  const path = `/v1/alerts/${encodeURIComponent(alertId)}/deliveries`;
  const [explained, { items }] = await Promise.all([
    ask(values, new URLSearchParams({ alert: alertId })),
    callApi(values, 'GET', path) as Promise<{ items: Delivery[] }>,
  ]);
  const proof = proveDeliveries(items, explained.lines);
  if (values.json) console.log(JSON.stringify(proof, null, 2));
  else if (items.length === 0)
    console.log(`Nobody was to be told: ${cleanText(explained.sentence, LINE_MAX)}`);
  else for (const text of proofLines(proof)) console.log(text);
  if (explained.truncated) console.error('Its history is longer than what was read.');
  if (proof.open.length > 0) process.exitCode = 1;
}

/** An explanation as lines for a terminal. */
export function explainedLines({ outcome, sentence, lines, truncated, archive }: Explained) {
  const width = Math.max(0, ...lines.map((line) => line.outcome.length));
  const text = (line: ExplainLine) =>
    `${line.at}  ${line.outcome.padEnd(width)}  ${cleanText(line.sentence, LINE_MAX)}`;
  return [
    `${outcome}: ${cleanText(sentence, LINE_MAX)}`,
    '',
    ...lines.map(text),
    ...(archive
      ? ['', `Read: ${archive.objects} objects, ${archive.events} events from ${archive.from} on`]
      : []),
    ...(truncated ? ['', 'There is more than was read.'] : []),
  ];
}

async function ask(target: ApiTarget, query: URLSearchParams): Promise<Explained> {
  return (await callApi(target, 'GET', `/v1/explain?${query.toString()}`)) as Explained;
}
