import type { Alert } from '#shared/alert/schema.ts';
import type { ChannelConfig, Delivery, Intent } from '#shared/notification/schema.ts';

/** What one attempt came to. Errors are a few words for people and never hold a secret. */
export type SendOutcome =
  | {
      kind: 'delivered';
      /** The receiver's answer, in a few words. */
      receipt: string;
      /** Where the next word about it goes: the version of the secret that named the receiver, or the message itself. */
      destination_ref?: string;
    }
  | {
      kind: 'retryable';
      error: string;
      /** What the receiver asked for, counted from its answer. */
      retry_after_ms?: number;
      /** False when the receiver certainly did not take it: refused, or never reached. */
      may_have_arrived: boolean;
    }
  | { kind: 'permanent'; error: string };

/** One thing to say to one destination. */
export interface Notice {
  intent: Intent;
  alert: Alert;
  delivery: Delivery;
  channel: ChannelConfig;
  /** Where a responder sees the alert. */
  link: string;
  /** A digest: further alerts that this one message tells of, because the receiver's limit was reached. */
  more?: readonly { alert: Alert; link: string }[];
  /** The message of a group of alerts: those that fire and those that are over, as far as they are named. */
  members?: {
    number: number;
    firing: readonly { alert: Alert; link: string }[];
    resolved: readonly { alert: Alert; link: string }[];
    firing_count: number;
    resolved_count: number;
  };
  /** RFC 3339: when the attempt was decided. */
  at: string;
  /** The receiver can recognise a repetition by it: same key, same message. */
  idempotency_key: string;
}

/** Speaks to the receivers of one channel. */
export interface ChannelSender {
  /** Sends once, within 15 s, and says what came of it. Throws only on a fault of our own stores. */
  send(notice: Notice): Promise<SendOutcome>;
}
