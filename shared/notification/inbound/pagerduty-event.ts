import * as z from 'zod';

import { jsonDepthExceeds } from '#shared/event/json-depth.ts';
import { SentryError } from '#shared/kernel/error.ts';

import { plainName } from './plain-name.ts';

const DEPTH_MAX = 32;
const text = z.string().min(1).max(512);
const reference = z.looseObject({
  id: text,
  type: text.optional(),
  summary: z.string().optional(),
});

/** What is read of PagerDuty's v3 webhook body (PagerDuty developer documentation, "Webhooks Overview"). */
const Body = z.looseObject({
  event: z.looseObject({
    id: text,
    event_type: text,
    occurred_at: z.iso.datetime({ offset: true }),
    /** Who did it; null where PagerDuty did. */
    agent: reference.nullish(),
    data: z
      .looseObject({
        id: text.optional(),
        /** Our dedup key, where the incident is one of ours. */
        incident_key: z.string().max(255).nullish(),
        alerts: z.array(z.looseObject({ alert_key: z.string().max(255).nullish() })).optional(),
        resolve_reason: z
          .looseObject({ type: z.string().optional(), incident: reference.nullish() })
          .nullish(),
      })
      .nullish(),
  }),
});

/** What PagerDuty says happened. */
export type PagerDutyAction = 'acknowledge' | 'unacknowledge' | 'resolve' | 'merge' | 'note';

export interface PagerDutyEvent {
  event_id: string;
  /** E.g. `incident.acknowledged`. */
  type: string;
  /** Undefined: nothing that concerns an alert. */
  action: PagerDutyAction | undefined;
  /** Milliseconds since the epoch. */
  occurred_at: number;
  /** `pagerduty:<name or id>`; `pagerduty` where it did it by itself. */
  actor: string;
  /** It was an integration, as we are: what we said ourselves comes back. */
  by_integration: boolean;
  incident_id: string | undefined;
  /** Alert ids, if they are ours. */
  keys: string[];
  /** The incident this one went into. */
  merged_into: string | undefined;
}

const ACTIONS: Readonly<Record<string, PagerDutyAction>> = {
  'incident.acknowledged': 'acknowledge',
  'incident.unacknowledged': 'unacknowledge',
  'incident.resolved': 'resolve',
  'incident.reopened': 'note',
  'incident.reassigned': 'note',
  'incident.delegated': 'note',
  'incident.escalated': 'note',
  'incident.priority_updated': 'note',
};

/** A webhook's body as what happened. Throws `invalid_input` for bytes that are no v3 webhook. */
export function readPagerDutyEvent(bytes: Uint8Array): PagerDutyEvent {
  const { event } = parseBody(bytes);
  const { agent, data, event_type: type } = event;
  const merged = data?.resolve_reason?.type === 'merge_resolve_reason';
  const action = merged && type === 'incident.resolved' ? 'merge' : actionOf(type);
  const keys = [data?.incident_key, ...(data?.alerts ?? []).map(({ alert_key }) => alert_key)];
  return {
    event_id: event.id,
    type,
    action,
    occurred_at: Date.parse(event.occurred_at),
    actor: agent ? `pagerduty:${plainName(agent.summary, agent.id)}` : 'pagerduty',
    by_integration: agent?.type?.includes('integration') ?? false,
    incident_id: data?.id,
    keys: [...new Set(keys.filter((key) => typeof key === 'string' && key !== ''))] as string[],
    merged_into: merged ? data?.resolve_reason?.incident?.id : undefined,
  };
}

function actionOf(type: string): PagerDutyAction | undefined {
  return Object.hasOwn(ACTIONS, type) ? ACTIONS[type] : undefined;
}

function parseBody(bytes: Uint8Array): z.infer<typeof Body> {
  if (jsonDepthExceeds(bytes, DEPTH_MAX))
    throw new SentryError('invalid_input', `The body nests deeper than ${DEPTH_MAX}.`);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new SentryError('invalid_input', 'The body is not JSON.');
  }
  const read = Body.safeParse(value);
  if (!read.success) throw new SentryError('invalid_input', 'The body is no PagerDuty v3 webhook.');
  return read.data;
}
