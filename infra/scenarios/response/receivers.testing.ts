import type { OutboxMessage } from '#infra/local/outbox/message.ts';
import type { Channel } from '#shared/notification/schema.ts';

import { type Heard, readHeard } from './heard.testing.ts';
import type { Stage } from './stage.testing.ts';

/** Receivers are called by what they are: `page`, `page-2`, `chat`, `mail`, `hook`. */
const CHANNELS: Readonly<Record<string, Channel>> = {
  page: 'pagerduty',
  chat: 'slack',
  mail: 'email',
  hook: 'webhook',
};

interface ReceiverOptions {
  /** The receiver that is told when this one is dead. */
  secondary?: string;
  /** In the place of a webhook's URL or a routing key, e.g. what a Slack bot signs in with. */
  secret?: string;
  url?: string;
}

/** The channels of one story, and what their receivers took. */
export class Receivers {
  readonly #stage: Stage;
  readonly #prefix: string;
  readonly #channels = new Map<string, Channel>();
  readonly #expected = new Set<string>();

  constructor(stage: Stage, prefix: string) {
    this.#stage = stage;
    this.#prefix = prefix;
  }

  names(): string[] {
    return [...this.#channels.keys()];
  }

  /** Makes a receiver known; answers it as a target. */
  async add(name: string, options: ReceiverOptions = {}) {
    const channel = channelOf(name);
    const destination = `${this.#prefix}-${name}`;
    if (this.#channels.has(name)) return { channel, destination };
    this.#channels.set(name, channel);
    const at = `${this.#stage.scenario.instance.url}/_local/receivers`;
    const secondary = options.secondary && (await this.add(options.secondary)).destination;
    const url = options.url ?? (channel === 'pagerduty' ? `${at}/pagerduty/v2/enqueue` : undefined);
    const address = `${at}/${channel}/${destination}`;
    const secret = channel === 'pagerduty' ? routingKey(destination) : address;
    await this.#stage.addChannel(
      {
        channel_id: destination,
        channel,
        name,
        enabled: true,
        ...(url !== undefined && { url }),
        ...(secondary !== undefined && { secondary }),
      },
      channel === 'email' ? undefined : (options.secret ?? secret),
    );
    return { channel, destination };
  }

  /** What a receiver took and was not asked for before, oldest first; it counts as expected from then on. */
  hear(name: string, ours: (alertId: string) => boolean): Heard[] {
    const fresh = this.#taken(name, ours).filter(
      ({ outbox_message_id: id }) => !this.#expected.has(id),
    );
    for (const { outbox_message_id } of fresh) this.#expected.add(outbox_message_id);
    return fresh.map(readHeard);
  }

  /** Mail has one box for all, so it is ours by the alerts it names. */
  #taken(name: string, ours: (alertId: string) => boolean): OutboxMessage[] {
    const channel = this.#channels.get(name);
    if (channel === undefined) throw new Error(`${name} is no receiver of this story`);
    const id = `${this.#prefix}-${name}`;
    const place = channel === 'pagerduty' ? `****${routingKey(id).slice(-4)}` : id;
    const isOurs = (message: OutboxMessage) =>
      channel === 'email'
        ? readHeard(message).alert_ids.some(ours)
        : message.destination.split('/')[0] === place;
    return this.#stage.scenario.instance.outbox
      .list({ channel, limit: 20_000 })
      .filter((message) => message.status >= 200 && message.status < 300 && isOurs(message))
      .toReversed();
  }
}

function channelOf(name: string): Channel {
  const channel = CHANNELS[name.split('-')[0]!];
  if (channel === undefined) throw new Error(`${name} is no kind of receiver`);
  return channel;
}

/** 32 characters, of which the last four tell receivers of one instance apart. */
function routingKey(channelId: string): string {
  let hash = 7;
  for (const letter of channelId) hash = (hash * 31 + letter.charCodeAt(0)) % 36 ** 4;
  return hash.toString(36).padStart(32, 'k');
}
