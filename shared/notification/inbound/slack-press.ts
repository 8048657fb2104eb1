import * as z from 'zod';

import { jsonDepthExceeds } from '#shared/event/json-depth.ts';
import { SentryError } from '#shared/kernel/error.ts';
import { SLACK_BUTTONS } from '#shared/notification/message/slack.ts';

import { plainName } from './plain-name.ts';

const DEPTH_MAX = 32;
const text = z.string().min(1).max(512);

/** What is read of an interaction payload (Slack developer documentation, "block_actions payload"). */
const Payload = z.looseObject({
  type: text,
  user: z.looseObject({ id: text, username: text.optional(), name: text.optional() }),
  actions: z
    .array(z.looseObject({ action_id: text.optional(), value: text.optional(), action_ts: text }))
    .max(10)
    .optional(),
});

export interface SlackPress {
  /** The same of one press, however often it is delivered. */
  press_id: string;
  /** Undefined: a button that only opens a page, or nothing of ours. */
  action: 'acknowledge' | 'resolve' | undefined;
  alert_id: string | undefined;
  /** `slack:<name or id>`. */
  actor: string;
}

/** The body of an interaction request as what was pressed. Throws `invalid_input` for other bytes. */
export function readSlackPress(bytes: Uint8Array): SlackPress {
  const { type, user, actions = [] } = parsePayload(bytes);
  const { action_id, value, action_ts = '' } = type === 'block_actions' ? (actions[0] ?? {}) : {};
  const action = (['acknowledge', 'resolve'] as const).find(
    (one) => SLACK_BUTTONS[one] === action_id,
  );
  return {
    press_id: JSON.stringify([user.id, action_id, value, action_ts]),
    action,
    alert_id: action && value,
    actor: `slack:${plainName(user.username ?? user.name, user.id)}`,
  };
}

function parsePayload(bytes: Uint8Array): z.infer<typeof Payload> {
  let payload: Buffer;
  let value: unknown;
  try {
    const form = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    payload = Buffer.from(new URLSearchParams(form).get('payload') ?? '');
    if (jsonDepthExceeds(payload, DEPTH_MAX)) throw new SyntaxError('too deep');
    value = JSON.parse(payload.toString('utf8'));
  } catch (cause) {
    throw new SentryError('invalid_input', 'The body holds no payload of Slack.', { cause });
  }
  const read = Payload.safeParse(value);
  if (!read.success) throw new SentryError('invalid_input', 'The body holds no payload of Slack.');
  return read.data;
}
