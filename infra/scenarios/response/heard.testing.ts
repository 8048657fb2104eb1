import type { OutboxMessage } from '#infra/local/outbox/message.ts';

/** What a message of any channel says, as far as stories ask. */
export interface Heard {
  /** ms since the epoch, on the instance's clock. */
  at: number;
  intent: 'trigger' | 'acknowledge' | 'resolve';
  /** Every alert it names; several in a digest. */
  alert_ids: string[];
  /** How a Slack bot said it: `chat.postMessage`, `chat.update`, or `thread` for a reply. */
  via?: string;
}

/** Reads a message that its receiver took. */
export function readHeard(message: OutboxMessage): Heard {
  const { channel, alert_id, body_json, text = '' } = message;
  const words = `${text} ${JSON.stringify(body_json ?? '')}`;
  const named = [...words.matchAll(/\balert ([a-z2-7]{26})\b/giu)].map(([, id]) => id!);
  const alert_ids =
    channel === 'slack' || channel === 'email' ? [...new Set(named)] : [alert_id ?? ''];
  const [, method] = message.destination.split('/');
  const isReply = (body_json as { thread_ts?: string } | undefined)?.thread_ts !== undefined;
  const via = isReply ? 'thread' : method;
  return {
    at: Date.parse(message.at),
    intent: intentOf(message),
    alert_ids,
    ...(channel === 'slack' && via !== undefined && { via }),
  };
}

function intentOf({ channel, body_json, subject }: OutboxMessage): Heard['intent'] {
  const body = (body_json ?? {}) as { event_action?: string; type?: string; text?: string };
  if (channel === 'pagerduty') return body.event_action as Heard['intent'];
  if (channel === 'email') return subject?.startsWith('[RESOLVED]') ? 'resolve' : 'trigger';
  if (channel === 'slack') {
    if (body.text?.startsWith('✅')) return 'resolve';
    return body.text?.startsWith('👀') ? 'acknowledge' : 'trigger';
  }
  if (body.type?.endsWith('.resolved')) return 'resolve';
  return body.type?.endsWith('.acknowledged') ? 'acknowledge' : 'trigger';
}
