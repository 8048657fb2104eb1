import type { Clock } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { LivePush } from '#shared/ports/live-push.ts';
import type { Connection, LiveStore, TopicHead } from '#shared/ports/live-store.ts';

import type { Audience } from './audience.ts';
import { cutByBytes } from './cut.ts';
import { fanOut, type FanOutReport } from './fan-out.ts';
import { FRAME_KEPT_MS, PUSH_BYTES_MAX } from './limits.ts';
import { ENVELOPE_BYTES, eventMessage } from './message.ts';
import type { FrameItem, RecoverableTopic, Subscription } from './schema.ts';
import { itemsFor } from './select.ts';

/** Frames of one append; more items make several appends. */
const FRAMES_MAX = 20;
const ATTEMPTS_MAX = 12;

export interface LivePorts {
  store: LiveStore;
  push: LivePush;
  audience: Audience;
}

interface Frame {
  offset: number;
  items: readonly FrameItem[];
}

/**
 * Numbers the items as frames of the topic, keeps them, and pushes them to everybody who subscribes.
 * First append, then look who listens: a subscriber writes its row before it joins the topic and reads
 * its position from the join, so a frame is either in its position or pushed to it. A viewer whose
 * filter selects nothing gets the bare range, which keeps offsets free of holes without state per viewer.
 * Publishing the same items again is harmless: viewers merge by revision. Throws `unavailable`.
 */
export async function publishItems(
  tenant: string,
  topic: RecoverableTopic,
  items: readonly FrameItem[],
  clock: Clock,
  ports: LivePorts,
): Promise<FanOutReport> {
  const total: FanOutReport = { sent: 0, lost: 0, ended: [] };
  const texts = items.map((item) => JSON.stringify(item));
  const runs = cutByBytes(texts, PUSH_BYTES_MAX - ENVELOPE_BYTES);
  let next = 0;
  for (let at = 0; at < runs.length; at += FRAMES_MAX) {
    const part = runs.slice(at, at + FRAMES_MAX);
    const placed = await append(tenant, topic, part, clock, ports);
    if (!placed) return total;
    const frames = part.map((run, index) => {
      const from = next;
      next += run.length;
      return { offset: placed.first + index, items: items.slice(from, next) };
    });
    const { epoch } = placed;
    const messagesFor = (subscription: Subscription) =>
      messagesOf(topic, epoch, frames, subscription);
    const report = await fanOut(topic, placed.connections, messagesFor, clock.now(), ports);
    ports.audience.forget(tenant, report.ended);
    total.sent += report.sent;
    total.lost += report.lost;
    total.ended.push(...report.ended);
  }
  return total;
}

interface Placed {
  epoch: string;
  /** Offset of the first frame. */
  first: number;
  connections: readonly Connection[];
}

/** Undefined when nobody ever subscribed: there is no numbering to continue. */
async function append(
  tenant: string,
  topic: RecoverableTopic,
  runs: readonly (readonly string[])[],
  clock: Clock,
  { store, audience }: LivePorts,
): Promise<Placed | undefined> {
  const known = audience.recall(tenant, topic);
  let head: TopicHead | undefined = known?.head ?? (await store.heads(tenant, [topic])).get(topic);
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    if (!head) return undefined;
    const complete = known !== undefined && known.head.generation === head.generation;
    const expiresAt = clock.now() + FRAME_KEPT_MS;
    if (await store.appendFrames(tenant, topic, head, runs, expiresAt, !complete)) {
      const connections = complete
        ? known.connections
        : await store.listConnections(tenant, clock.now());
      const moved = { ...head, offset: head.offset + runs.length };
      audience.remember(tenant, topic, { head: moved, connections });
      return { epoch: head.epoch, first: head.offset + 1, connections };
    }
    head = (await store.heads(tenant, [topic])).get(topic);
  }
  throw new SentryError('unavailable', `The head of ${topic} stays contended.`);
}

/** The frames as one subscription sees them, neighbours joined while they fit one push. */
function messagesOf(
  topic: RecoverableTopic,
  epoch: string,
  frames: readonly Frame[],
  subscription: Subscription,
): string[] {
  const messages: string[] = [];
  let range: { from: number; to: number } | undefined;
  let texts: string[] = [];
  let bytes = ENVELOPE_BYTES;
  for (const frame of frames) {
    const added = itemsFor(subscription, frame.items).map((item) => JSON.stringify(item));
    const size = added.reduce((sum, text) => sum + Buffer.byteLength(text) + 1, 0);
    if (range && bytes + size > PUSH_BYTES_MAX) {
      messages.push(eventMessage(topic, epoch, range, texts));
      range = undefined;
      texts = [];
      bytes = ENVELOPE_BYTES;
    }
    range = { from: range?.from ?? frame.offset, to: frame.offset };
    texts.push(...added);
    bytes += size;
  }
  if (range) messages.push(eventMessage(topic, epoch, range, texts));
  return messages;
}
