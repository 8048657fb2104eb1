import type { Alert, AlertPointer } from '#shared/alert/schema.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';

/** A person's resolve of an alert, ms since the epoch. */
export interface Resolve {
  alert: Alert;
  at: number;
}

/**
 * Puts the live alerts into an empty store as they stood at `from` (ms), with nothing counted yet, and
 * answers the resolves that came after it, in order. What the detector resolved itself, a replay
 * resolves itself too.
 */
export async function seedKnown(
  work: WorkStore,
  known: readonly Alert[],
  from: number,
): Promise<Resolve[]> {
  const standing = new Map<string, Alert>();
  const resolves: Resolve[] = [];
  for (const alert of known) {
    const over = resolvedAt(alert);
    if (over !== undefined && over >= from && !alert.resolved_by?.startsWith('system:'))
      resolves.push({ alert, at: over });
    if (Date.parse(alert.created_at) >= from) continue;
    const group = JSON.stringify([alert.rule_id, alert.group_key]);
    const other = standing.get(group);
    if (!other || other.episode < alert.episode) standing.set(group, alert);
  }
  for (const alert of standing.values()) await seed(work, alert, from);
  return resolves.sort((a, b) => a.at - b.at);
}

function resolvedAt({ state, resolved_at }: Alert): number | undefined {
  return state === 'RESOLVED' && resolved_at !== undefined ? Date.parse(resolved_at) : undefined;
}

async function seed(work: WorkStore, alert: Alert, from: number): Promise<void> {
  const over = resolvedAt(alert);
  const isOver = over !== undefined && over < from;
  const { resolved_at, resolved_by, ...open } = alert;
  const end = isOver && resolved_at !== undefined ? { resolved_at } : {};
  const row: Alert = {
    ...open,
    ...end,
    ...(isOver && resolved_by !== undefined && { resolved_by }),
    state: isOver ? 'RESOLVED' : 'OPEN',
    count: 0,
    revision: 1,
  };
  const { tenant, rule_id, group_key, alert_id, episode } = alert;
  const pointer: AlertPointer = {
    tenant,
    rule_id,
    group_key,
    alert_id,
    episode,
    state: isOver ? 'RESOLVED' : 'OPEN',
    ...end,
    revision: 1,
  };
  await work.commit({
    changes: [
      { kind: 'alert', row, expected: 0 },
      { kind: 'pointer', row: pointer, expected: 0 },
    ],
    journal: [],
    outbox: [],
  });
}
