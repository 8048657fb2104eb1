import type { Scope } from '#shared/access/scope.ts';
import type { Position, RecoverableTopic, Subscription, Topic } from '#shared/live/schema.ts';

/** Who may open a connection; what a one-time ticket stands for. Times in milliseconds since the epoch. */
export interface LivePrincipal {
  tenant: string;
  actor: string;
  scopes: readonly Scope[];
  /** When the access token behind it expires. */
  token_expires_at: number;
}

export interface Ticket extends LivePrincipal {
  expires_at: number;
}

/** An open WebSocket. At most one subscription per topic. */
export interface Connection extends LivePrincipal {
  connection_id: string;
  connected_at: number;
  /** The row is gone for readers from then on. */
  expires_at: number;
  subscriptions: readonly Subscription[];
}

/**
 * Where a topic stands. `generation` grows with every new subscription: a list of connections read
 * after generation g was seen holds every subscriber that joined up to g.
 */
export interface TopicHead extends Position {
  generation: number;
}

/** One numbered frame; `items` are JSON texts, ready to be sent. */
export interface StoredFrame {
  offset: number;
  items: readonly string[];
}

/** Connections, tickets, topic heads and kept frames. All methods throw `unavailable` on throttling or network faults. */
export interface LiveStore {
  /** `hash` is the hex sha-256 of the ticket; the ticket itself is never stored. */
  putTicket(hash: string, ticket: Ticket): Promise<void>;
  /** Removes and returns it: of any number of callers exactly one gets it. The caller checks `expires_at`. */
  takeTicket(hash: string): Promise<Ticket | undefined>;

  putConnection(connection: Connection): Promise<void>;
  /** Strongly consistent. */
  getConnection(connectionId: string): Promise<Connection | undefined>;
  /** Idempotent. */
  deleteConnection(connectionId: string): Promise<void>;
  /** Replaces the subscription of that topic; false when the connection is gone. */
  putSubscription(connectionId: string, subscription: Subscription): Promise<boolean>;
  /** Idempotent. */
  deleteSubscription(connectionId: string, topic: Topic): Promise<void>;
  /** Every connection of the tenant that has not expired by `now`; strongly consistent. */
  listConnections(tenant: string, now: number): Promise<Connection[]>;

  /** Grows the generation and returns the head; `newEpoch` names the epoch when the topic is new. */
  joinTopic(tenant: string, topic: RecoverableTopic, newEpoch: string): Promise<TopicHead>;
  /** Heads of the topics that exist; strongly consistent. */
  heads(
    tenant: string,
    topics: readonly RecoverableTopic[],
  ): Promise<Map<RecoverableTopic, TopicHead>>;
  /**
   * Numbers and keeps frames (at most 20, each ≤ 64 KiB) directly after `head`, all or none, until
   * `expiresAt` (ms). False when the head has moved; with `anyGeneration` a mere join is no move.
   */
  appendFrames(
    tenant: string,
    topic: RecoverableTopic,
    head: TopicHead,
    frames: readonly (readonly string[])[],
    expiresAt: number,
    anyGeneration: boolean,
  ): Promise<boolean>;
  /** Frames of the epoch after `offset` in order, at most `limit`, those expired by `now` left out; strongly consistent. */
  readFrames(
    tenant: string,
    topic: RecoverableTopic,
    after: Position,
    limit: number,
    now: number,
  ): Promise<StoredFrame[]>;
}
