import type { Connection, TopicHead } from '#shared/ports/live-store.ts';

import type { AlertLine, RecoverableTopic } from './schema.ts';

const TOLD_MAX = 20_000;
/** How long a list of connections is kept: for each of them, and at most, ms. */
const LIST_MS_EACH = 10;
const LIST_MS_MAX = 1_000;

interface Known {
  head: TopicHead;
  connections: Connection[];
}

/**
 * What one process remembers between two publications: per tenant and topic the head and a list of
 * connections read after the head's generation was seen. Such a list stays complete for as long as the
 * generation stands, because every subscriber grows it after writing its row.
 */
export class Audience {
  readonly #known = new Map<string, Known>();
  readonly #told = new Map<string, number>();
  readonly #listed = new Map<string, { at: number; connections: Connection[] }>();

  recall(tenant: string, topic: RecoverableTopic): Known | undefined {
    return this.#known.get(`${tenant}#${topic}`);
  }

  remember(tenant: string, topic: RecoverableTopic, known: Known): void {
    this.#known.set(`${tenant}#${topic}`, known);
  }

  /** Remembers that viewers were told this revision of an alert. */
  told(tenant: string, { alert_id, revision }: AlertLine): void {
    if (this.#told.size >= TOLD_MAX) this.#told.clear();
    this.#told.set(`${tenant}#${alert_id}`, revision);
  }

  /** The newest revision this process told, 0 when none. */
  toldRevision(tenant: string, alertId: string): number {
    return this.#told.get(`${tenant}#${alertId}`) ?? 0;
  }

  /**
   * For the lossy feed: a list is good for 10 ms for each connection in it, a second at most. So
   * whoever just came to a quiet place misses nothing, and a long list is not read with every frame.
   */
  async recent(
    tenant: string,
    now: number,
    list: () => Promise<Connection[]>,
  ): Promise<Connection[]> {
    const found = this.#listed.get(tenant);
    const goodMs = Math.min(LIST_MS_MAX, LIST_MS_EACH * (found?.connections.length ?? 0));
    if (found && now - found.at < goodMs && now >= found.at) return found.connections;
    const connections = await list();
    this.#listed.set(tenant, { at: now, connections });
    return connections;
  }

  /** Drops connections that turned out closed. */
  forget(tenant: string, ended: readonly string[]): void {
    if (ended.length === 0) return;
    const open = ({ connection_id }: Connection) => !ended.includes(connection_id);
    for (const [key, known] of this.#known)
      if (key.startsWith(`${tenant}#`)) known.connections = known.connections.filter(open);
    const listed = this.#listed.get(tenant);
    if (listed) listed.connections = listed.connections.filter(open);
  }
}
