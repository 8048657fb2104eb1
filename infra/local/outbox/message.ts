import * as z from 'zod';

import { CHANNELS } from '#shared/notification/schema.ts';

/** One message that would have left this machine, and what its receiver answered. */
export const OutboxMessage = z.object({
  outbox_message_id: z.string(),
  /** RFC 3339 on the local clock. */
  at: z.string(),
  channel: z.enum(CHANNELS),
  /** Address, receiver id or routing key's last characters. */
  destination: z.string(),
  method: z.string(),
  url: z.string(),
  /** Secrets are masked before they are stored. */
  headers: z.record(z.string(), z.string()),
  /** Parsed body where it was JSON. */
  body_json: z.unknown().optional(),
  /** Body as text where it was not. */
  text: z.string().optional(),
  subject: z.string().optional(),
  /** Status the receiver answered; 0 when the connection was cut without an answer. */
  status: z.number().int(),
  alert_id: z.string().optional(),
  dedup_key: z.string().optional(),
});
export type OutboxMessage = z.infer<typeof OutboxMessage>;

/** What a sender knows; the outbox adds id, time and the ids it finds in the body. */
export type OutgoingMessage = Omit<OutboxMessage, 'outbox_message_id' | 'at'>;

const SECRET_HEADER = /authorization|cookie|signature|token|secret|api-key/;

/** The headers worth keeping, with those that carry a secret masked. */
export function maskHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      SECRET_HEADER.test(name) ? '***' : value,
    ]),
  );
}

/** A secret recognisable by its last four characters only. */
export function maskSecret(secret: string): string {
  return `****${secret.slice(-4)}`;
}

/** The alert a message speaks of: a field `alert_id` at any depth, or a link to it in the text. */
export function findAlertId(body: unknown, text: string): string | undefined {
  return findField(body, 0) ?? /\/alerts\/([a-z2-7]{26})\b/.exec(text)?.[1];
}

function findField(value: unknown, depth: number): string | undefined {
  if (depth > 8 || typeof value !== 'object' || value === null) return undefined;
  const own = (value as { alert_id?: unknown }).alert_id;
  if (typeof own === 'string') return own;
  for (const child of Object.values(value)) {
    const found = findField(child, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
