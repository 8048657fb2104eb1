import type { Subscription } from '#shared/live/schema.ts';
import type { Connection } from '#shared/ports/live-store.ts';

/** Attributes of a connection's row that hold a subscription each, as JSON: two topics never collide. */
export const TOPIC_PREFIX = 'sub_';

/** A connection as attributes, keys and TTL apart. */
export function rowOfConnection(connection: Connection): Record<string, unknown> {
  const subscriptions = connection.subscriptions.map((one) => [
    `${TOPIC_PREFIX}${one.topic}`,
    JSON.stringify(one),
  ]);
  return {
    connection_id: connection.connection_id,
    tenant: connection.tenant,
    actor: connection.actor,
    scopes: connection.scopes,
    token_expires_at: connection.token_expires_at,
    connected_at: connection.connected_at,
    ends_at: connection.expires_at,
    ...Object.fromEntries(subscriptions),
  };
}

export function connectionOf(row: Record<string, unknown>): Connection {
  const subscriptions = Object.entries(row)
    .filter(([name]) => name.startsWith(TOPIC_PREFIX))
    .map(([, text]) => JSON.parse(String(text)) as Subscription);
  return {
    connection_id: String(row['connection_id']),
    tenant: String(row['tenant']),
    actor: String(row['actor']),
    scopes: row['scopes'] as Connection['scopes'],
    token_expires_at: Number(row['token_expires_at']),
    connected_at: Number(row['connected_at']),
    expires_at: Number(row['ends_at']),
    subscriptions,
  };
}
