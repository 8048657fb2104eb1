import type { OwnChannel } from '#shared/notification/schema.ts';
import type { DocumentStore } from '#shared/ports/document-store.ts';
import type { ChannelSender } from '#shared/ports/channel-sender.ts';
import type { ChannelStateStore } from '#shared/ports/channel-state-store.ts';
import type { TimerHint } from '#shared/ports/timer-hint.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';
import type { ResponseRules } from '#shared/response/rules.ts';

/** What a notifier works with. */
export interface DeliverPorts {
  work: WorkStore;
  channels: Pick<DocumentStore<OwnChannel>, 'get'>;
  /** Who is told when a channel is broken. */
  response(tenant: string): Promise<ResponseRules>;
  /** How channels fare, and what pace their receivers take. */
  states: ChannelStateStore;
  sender: ChannelSender;
  timers: TimerHint;
  /** Origin of the dashboard, for the link in every message. */
  dashboardOrigin: string;
}

/** What became of one delivery in one run. */
export interface DeliveryReport {
  delivery_key: string;
  kind:
    | 'sent'
    | 'retry'
    | 'dead'
    | 'settled'
    | 'wait'
    /** Nothing was tried: the receiver's pace is kept. */
    | 'put_off'
    | 'nothing'
    | 'superseded'
    | 'contended';
  reason?: string;
  /** The hint for the next attempt could not be given; the sweep will find the row. */
  hint_error?: unknown;
  /** It could not be counted for the channel's health. */
  health_error?: unknown;
}
