import { escapeXml } from '#infra/local/wire/xml.ts';
import { CHANNELS } from '#shared/notification/schema.ts';
import type { Channel } from '#shared/notification/schema.ts';

import type { OutboxMessage } from './message.ts';

/** The outbox as a page without script: what left, to whom, and what was answered. */
export function renderPage(
  messages: readonly OutboxMessage[],
  counts: Readonly<Record<Channel | 'all', number>>,
  selected: Channel | undefined,
): string {
  const tabs = (['all', ...CHANNELS] as const).map((name) => {
    const href = name === 'all' ? '/_local/outbox' : `/_local/outbox?channel=${name}`;
    const current = name === (selected ?? 'all') ? ' aria-current="page"' : '';
    return `<a href="${href}"${current}>${name} <b>${counts[name]}</b></a>`;
  });
  const body =
    messages.length === 0
      ? '<p class="empty">Nothing has left yet. E-mail, Slack, PagerDuty and webhook messages appear here as they are sent.</p>'
      : messages.map(renderMessage).join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Outbox · Hearthlink Sentry</title>
<link rel="stylesheet" href="/_local/outbox.css">
</head>
<body>
<header><h1>Outbox</h1><p>Messages this local instance would have sent, newest first. <a href="/">Dashboard</a> · <a href="/_local/outbox.json">JSON</a></p></header>
<nav aria-label="Channel">${tabs.join('')}</nav>
<main>
${body}
</main>
</body>
</html>
`;
}

function renderMessage(message: OutboxMessage): string {
  const good = message.status >= 200 && message.status < 300;
  const content =
    message.text ??
    (message.body_json === undefined ? '' : JSON.stringify(message.body_json, null, 2));
  const headers = Object.entries(message.headers).map(([name, value]) => `${name}: ${value}`);
  return `<article>
<h2><span class="channel">${message.channel}</span> ${escapeXml(summarize(message))}</h2>
<p class="facts"><time datetime="${escapeXml(message.at)}">${escapeXml(message.at)}</time> to <code>${escapeXml(message.destination)}</code> <span class="${good ? 'good' : 'bad'}">${message.status === 0 ? 'no answer' : message.status}</span></p>
<details><summary>${escapeXml(`${message.method} ${message.url}`)}</summary>
<pre tabindex="0">${escapeXml([...headers, '', content].join('\n'))}</pre></details>
</article>`;
}

/** The line a person would read first in that channel. */
function summarize(message: OutboxMessage): string {
  if (message.subject) return message.subject;
  const body = message.body_json as
    | { text?: unknown; type?: unknown; event_action?: unknown; payload?: { summary?: unknown } }
    | undefined;
  const words = [body?.event_action, body?.payload?.summary, body?.text, body?.type];
  const spoken = words.filter((word) => typeof word === 'string');
  return spoken.length > 0
    ? spoken.slice(0, 2).join(': ').slice(0, 200)
    : (message.dedup_key ?? message.url);
}
