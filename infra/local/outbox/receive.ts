import { randomUUID } from 'node:crypto';

import * as z from 'zod';

/** A receiver's verdict: its answer, and which destination and dedup key the message names. */
export interface Verdict {
  status: number;
  contentType: string;
  body: string;
  dedupKey?: string;
}

const PlainText = (max: number) =>
  z.looseObject({ type: z.literal('plain_text'), text: z.string().min(1).max(max) });
const AnyText = (max: number) =>
  z.looseObject({ type: z.enum(['plain_text', 'mrkdwn']), text: z.string().min(1).max(max) });
const Element = z.looseObject({ type: z.string(), text: PlainText(75).optional() });
const ContextElement = z.union([AnyText(3000), z.looseObject({ type: z.literal('image') })]);

/** Limits of https://docs.slack.dev/reference/block-kit/blocks for the blocks notifications use. */
const Block = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('header'), text: PlainText(150) }),
  z
    .looseObject({
      type: z.literal('section'),
      text: AnyText(3000).optional(),
      fields: z.array(AnyText(2000)).min(1).max(10).optional(),
    })
    .refine((block) => block.text !== undefined || block.fields !== undefined),
  z.looseObject({ type: z.literal('actions'), elements: z.array(Element).min(1).max(25) }),
  z.looseObject({ type: z.literal('context'), elements: z.array(ContextElement).min(1).max(10) }),
  z.looseObject({ type: z.literal('divider') }),
  z.looseObject({ type: z.literal('image'), image_url: z.string(), alt_text: z.string() }),
  z.looseObject({ type: z.literal('rich_text'), elements: z.array(z.unknown()) }),
]);

/** A Slack incoming webhook (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks). */
export function receiveSlack(body: unknown): Verdict {
  const refuse = (reason: string): Verdict => ({
    status: 400,
    contentType: 'text/html',
    body: reason,
  });
  const message = z
    .looseObject({ text: z.string().optional(), blocks: z.array(z.unknown()).optional() })
    .safeParse(body);
  if (!message.success) return refuse('invalid_payload');
  const { text, blocks } = message.data;
  if (!text && !blocks?.length) return refuse('no_text');
  if (blocks && !z.array(Block).max(50).safeParse(blocks).success) return refuse('invalid_blocks');
  return { status: 200, contentType: 'text/html', body: 'ok' };
}

const PagerDutyEvent = z.discriminatedUnion('event_action', [
  z.looseObject({
    event_action: z.literal('trigger'),
    routing_key: z
      .string()
      .length(32, "Length of 'routing_key' is incorrect (should be 32 characters)"),
    dedup_key: z
      .string()
      .max(255, "'dedup_key' is too long (maximum is 255 characters)")
      .optional(),
    payload: z.looseObject({
      summary: z
        .string()
        .min(1)
        .max(1024, "'payload.summary' is too long (maximum is 1024 characters)"),
      source: z.string().min(1),
      severity: z.enum(['critical', 'error', 'warning', 'info']),
      timestamp: z.string().optional(),
    }),
  }),
  ...(['acknowledge', 'resolve'] as const).map((action) =>
    z.looseObject({
      event_action: z.literal(action),
      routing_key: z
        .string()
        .length(32, "Length of 'routing_key' is incorrect (should be 32 characters)"),
      dedup_key: z.string().min(1).max(255),
    }),
  ),
]);

/** PagerDuty Events API v2 (https://developer.pagerduty.com/docs/events-api-v2/trigger-events/). */
export function receivePagerDuty(body: unknown, bytes: number): Verdict {
  const contentType = 'application/json';
  if (bytes > 512 * 1024) {
    return { status: 413, contentType, body: JSON.stringify({ status: 'payload too large' }) };
  }
  const event = PagerDutyEvent.safeParse(body);
  if (!event.success) {
    const errors = event.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    const refusal = { status: 'invalid event', message: 'Event object is invalid', errors };
    return { status: 400, contentType, body: JSON.stringify(refusal) };
  }
  const dedupKey = event.data.dedup_key ?? randomUUID().replaceAll('-', '');
  const answer = { status: 'success', message: 'Event processed', dedup_key: dedupKey };
  return { status: 202, contentType, body: JSON.stringify(answer), dedupKey };
}

/** A generic webhook takes anything that is JSON. */
export function receiveWebhook(body: unknown): Verdict {
  return body === undefined
    ? { status: 400, contentType: 'text/plain', body: 'the body is not JSON' }
    : { status: 202, contentType: 'application/json', body: '{"accepted":true}' };
}
