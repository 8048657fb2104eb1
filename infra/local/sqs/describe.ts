import { LOCAL_ACCOUNT } from '#infra/local/service.ts';

import { attributesDigest, bodyDigest } from './checksum.ts';
import type { StoredMessage } from './store.ts';

/** The system attributes of a message, as text. */
export function systemAttributes(message: StoredMessage): Record<string, string> {
  return {
    ApproximateReceiveCount: String(message.receive_count),
    SentTimestamp: String(message.sent_at),
    SenderId: LOCAL_ACCOUNT,
    ApproximateFirstReceiveTimestamp: String(message.first_received_at),
    ...(message.dead_letter_source ? { DeadLetterQueueSourceArn: message.dead_letter_source } : {}),
  };
}

/** A message as ReceiveMessage answers it, with the attributes asked for. */
export function describeMessage(
  message: StoredMessage,
  system: readonly string[],
  wanted: readonly string[],
): object {
  const chosen = Object.fromEntries(
    Object.entries(systemAttributes(message)).filter(
      ([name]) => system.includes('All') || system.includes(name),
    ),
  );
  const attributes = Object.fromEntries(
    Object.entries(message.attributes).filter(([name]) =>
      wanted.some((pattern) => nameMatches(name, pattern)),
    ),
  );
  return {
    MessageId: message.message_id,
    ReceiptHandle: message.receipt,
    MD5OfBody: bodyDigest(message.body),
    Body: message.body,
    ...(Object.keys(chosen).length > 0 ? { Attributes: chosen } : {}),
    ...(Object.keys(attributes).length > 0
      ? { MessageAttributes: attributes, MD5OfMessageAttributes: attributesDigest(attributes) }
      : {}),
  };
}

/** `All`, `.*`, a name, or `prefix.*`. */
function nameMatches(name: string, pattern: string): boolean {
  if (pattern === 'All' || pattern === '.*') return true;
  return pattern.endsWith('.*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
