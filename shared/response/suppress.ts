import { firingSince } from '#shared/alert/firing-since.ts';
import type { Alert } from '#shared/alert/schema.ts';
import type { Timer } from '#shared/escalation/schema.ts';
import { HOLD_SCORE, QUICK_MS } from '#shared/fatigue/score.ts';
import { isGroupAlert } from '#shared/grouping/group-of.ts';
import { findInhibitors } from '#shared/inhibition/find-inhibitors.ts';
import { windowAt } from '#shared/maintenance/window-at.ts';
import { endOf } from '#shared/silence/end-of.ts';
import { matches } from '#shared/silence/match.ts';
import type { Silence } from '#shared/silence/schema.ts';

import type { ResponseRules } from './rules.ts';
import type { TraceStep } from './trace.ts';

/** What holds an alert back is looked at again after so long at the latest, whatever its end: it may be changed. */
const RECHECK_MINUTES_MAX = 15;
/** An inhibition has no end of its own: it lasts as long as some other alert. */
const INHIBITION_MINUTES = 3;
const MINUTE_MS = 60_000;

/** The reasons that are decided here; the others are trials, which end with a finding. */
const HELD_BY_RULES: ReadonlySet<string> = new Set([
  'silence',
  'maintenance',
  'inhibition',
  'fatigue',
]);

/** What holds an alert back now, and when to look again; nothing of it is dropped. */
export interface Suppression {
  /** Empty: people are told. */
  suppressed_by: Alert['suppressed_by'];
  /** RFC 3339; absent when nothing holds it back. */
  recheck_at?: string;
  trace: TraceStep[];
}

interface Hold {
  reason: 'silence' | 'maintenance' | 'inhibition' | 'fatigue';
  id?: string;
  version?: number;
  /** ms since the epoch. */
  until: number;
}

/**
 * Every silence, maintenance window and inhibition that holds an alert back at an instant (`at`,
 * RFC 3339), and whether it waits because alerts of its group mostly go by themselves. Held by several it is looked at again when the last of them ends. Pure.
 */
export function suppress(alert: Alert, rules: ResponseRules, at: string): Suppression {
  // A group tells of what is not held back, and is asked for each of its members.
  if (isGroupAlert(alert)) return { suppressed_by: [], trace: [] };
  const now = Date.parse(at);
  const holds: Hold[] = [
    ...heldBySilences(alert, rules.silences, now),
    ...heldByMaintenance(alert, rules.maintenance, now),
    ...findInhibitors(rules.inhibitions, rules.inhibitors, alert).map(
      ({ inhibition_id: id, version }): Hold => ({
        reason: 'inhibition',
        id,
        version,
        until: now + INHIBITION_MINUTES * MINUTE_MS,
      }),
    ),
    ...heldByFatigue(alert, now),
  ];
  if (holds.length === 0) return { suppressed_by: [], trace: [] };
  const latest = Math.max(...holds.map(({ until }) => until));
  const recheck = Math.min(latest, now + RECHECK_MINUTES_MAX * MINUTE_MS);
  return {
    suppressed_by: holds.map(({ reason, id }) => ({ reason, ...(id !== undefined && { id }) })),
    recheck_at: new Date(recheck).toISOString(),
    trace: holds.map(({ reason, id, version }) => ({
      step: 'suppression',
      outcome: 'held_back',
      ...(id !== undefined && { id }),
      ...(version !== undefined && { version }),
      detail: reason,
    })),
  };
}

/** Whether something that `suppress` decides, and no trial, holds the alert back. */
export function isHeldByRules({ suppressed_by }: Pick<Alert, 'suppressed_by'>): boolean {
  return (
    suppressed_by.some(({ reason }) => HELD_BY_RULES.has(reason)) && !isOnTrial({ suppressed_by })
  );
}

/** Whether the alert is told to nobody until its rule is live and its series known. */
export function isOnTrial({ suppressed_by }: Pick<Alert, 'suppressed_by'>): boolean {
  return suppressed_by.some(({ reason }) => reason === 'staging' || reason === 'warming');
}

/** The timer that has an alert decided again: the standing one has step 0. */
export function recheckTimer(alert: Alert, dueAt: string, step = 0): Timer {
  return {
    tenant: alert.tenant,
    alert_id: alert.alert_id,
    step,
    kind: 'recheck',
    due_at: dueAt,
    revision: 1,
  };
}

/** Whether a silence holds an alert back that it matches. */
function isInForce(silence: Silence, alert: Alert, now: number): boolean {
  const start = Date.parse(silence.starts_at);
  if (now < start || endOf(silence) <= now) return false;
  return !silence.until_resolved || firingSince(alert) <= start;
}

function heldBySilences(alert: Alert, silences: readonly Silence[], now: number): Hold[] {
  return silences
    .filter((silence) => isInForce(silence, alert, now) && matches(silence.matchers, alert))
    .map((silence) => ({
      reason: 'silence',
      id: silence.silence_id,
      version: silence.version,
      until: endOf(silence),
    }));
}

/** An alert of a group that mostly goes by itself waits for that, unless it is CRITICAL. */
function heldByFatigue(alert: Alert, now: number): Hold[] {
  const until = firingSince(alert) + QUICK_MS;
  const { fatigue_score = 0, severity } = alert;
  if (severity === 'CRITICAL' || fatigue_score < HOLD_SCORE || until <= now) return [];
  return [{ reason: 'fatigue', until }];
}

function heldByMaintenance(
  alert: Alert,
  windows: ResponseRules['maintenance'],
  now: number,
): Hold[] {
  return windows.flatMap((window): Hold[] => {
    if (!matches(window.matchers, alert)) return [];
    const current = windowAt(window, now);
    if (!current) return [];
    const { maintenance_id: id, version } = window;
    return [{ reason: 'maintenance', id, version, until: current.to }];
  });
}
