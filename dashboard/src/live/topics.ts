import type { PingResult, SubscribeResult } from '#shared/api/live-protocol.ts';
import type { FeedFrame, FrameItem, Topic } from '#shared/live/schema.ts';

import { ApiError } from '#dashboard/api/problem.ts';

import {
  awaitResult,
  type Cursor,
  type Frame,
  isBehind,
  newCursor,
  type Step,
  takeFrame,
  takeHead,
  takePosition,
} from './cursor.ts';
import type { Link, Notification } from './link.ts';

/** Where a topic's news go. */
export interface Sink {
  /** Everything there is: replaces what was held. May return how many things that changed. */
  snapshot(items: readonly FrameItem[], isTruncated: boolean): unknown;
  /** What changed: merge by revision. May return how many things that changed. */
  merge(items: readonly FrameItem[]): unknown;
  /** Only topic `feed`. */
  feed?(frame: FeedFrame): void;
}

interface Subscription {
  filter: object;
  sink: Sink;
  cursor: Cursor<FrameItem>;
  /** Parts of a snapshot whose result has not come yet. */
  parts: FrameItem[];
  gapTimer?: ReturnType<typeof setTimeout>;
  /** The link it was last sent over. */
  sentOver?: Link;
}

/** Two frames may overtake each other; a hole that stays this long is a loss. */
const GAP_MS = 500;

/** What this page is subscribed to, and how far each topic has come; outlives any one link. */
export class Topics {
  readonly #subscriptions = new Map<Topic, Subscription>();
  readonly #link: () => Link | undefined;

  /** `link` is the one that serves now. */
  constructor(link: () => Link | undefined) {
    this.#link = link;
  }

  /** Subscribes a topic, one subscription each; returns the way to end it. */
  add(topic: Topic, filter: object, sink: Sink): () => void {
    const subscription: Subscription = { filter, sink, cursor: newCursor(), parts: [] };
    this.#subscriptions.set(topic, subscription);
    this.#resubscribe(topic, subscription);
    return () => {
      if (this.#subscriptions.get(topic) !== subscription) return;
      clearTimeout(subscription.gapTimer);
      this.#subscriptions.delete(topic);
      this.#link()
        ?.call('unsubscribe', { topic })
        .catch(() => {});
    };
  }

  /**
   * Brings every topic up to date that was not yet subscribed over this link. Returns how many things
   * had changed since. Throws ApiError.
   */
  async bringUp(link: Link): Promise<number> {
    const missed = await Promise.all(
      [...this.#subscriptions]
        .filter(([, { sentOver }]) => sentOver !== link)
        .map(([topic, one]) => this.#sendSubscribe(topic, one, link)),
    );
    return missed.reduce((sum, count) => sum + count, 0);
  }

  /** Takes what a server says by itself. */
  take({ method, params }: Notification): void {
    if (method === 'bye') return;
    if (method === 'feed')
      return this.#subscriptions.get('feed')?.sink.feed?.(params as unknown as FeedFrame);
    const topic = params['topic'] as Topic;
    const subscription = this.#subscriptions.get(topic);
    if (!subscription || !Array.isArray(params['items'])) return;
    if (method === 'snapshot') subscription.parts.push(...(params['items'] as FrameItem[]));
    if (method !== 'event') return;
    const frame = params as unknown as Frame<FrameItem>;
    this.#advance(topic, subscription, takeFrame(subscription.cursor, frame));
  }

  /** Compares what a ping told with how far each topic has come. */
  takeHeads(heads: PingResult['heads']): void {
    for (const [name, head] of Object.entries(heads)) {
      const topic = name as Topic;
      const subscription = this.#subscriptions.get(topic);
      if (subscription && head)
        this.#advance(topic, subscription, takeHead(subscription.cursor, head));
    }
  }

  async #sendSubscribe(topic: Topic, subscription: Subscription, link: Link): Promise<number> {
    subscription.sentOver = link;
    subscription.cursor = awaitResult(subscription.cursor);
    subscription.parts = [];
    clearTimeout(subscription.gapTimer);
    const { filter, cursor } = subscription;
    const since = cursor.position && { since: cursor.position };
    let result: SubscribeResult;
    try {
      result = (await link.call('subscribe', { topic, filter, ...since })) as SubscribeResult;
    } catch (error) {
      // A topic that is refused stays empty; the others are worth having.
      if (error instanceof ApiError && error.code === 'forbidden') return 0;
      throw error;
    }
    if (this.#subscriptions.get(topic) !== subscription) return 0;
    const items = [...subscription.parts, ...result.items];
    subscription.parts = [];
    const { sink } = subscription;
    const changed =
      result.mode === 'snapshot' ? sink.snapshot(items, result.truncated) : sink.merge(items);
    if (result.position)
      this.#advance(topic, subscription, takePosition(subscription.cursor, result.position));
    return since && typeof changed === 'number' ? changed : 0;
  }

  #advance(topic: Topic, subscription: Subscription, step: Step<FrameItem>): void {
    subscription.cursor = step.cursor;
    if (step.items.length > 0) subscription.sink.merge(step.items);
    if (step.next === 'subscribe') this.#resubscribe(topic, subscription);
    if (step.next !== 'wait') return;
    clearTimeout(subscription.gapTimer);
    subscription.gapTimer = setTimeout(() => {
      if (isBehind(subscription.cursor)) this.#resubscribe(topic, subscription);
    }, GAP_MS);
  }

  #resubscribe(topic: Topic, subscription: Subscription): void {
    const link = this.#link();
    if (!link || this.#subscriptions.get(topic) !== subscription) return;
    this.#sendSubscribe(topic, subscription, link).catch(() => link.close());
  }
}
