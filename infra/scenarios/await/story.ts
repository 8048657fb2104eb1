import { ESCALATION_RULE_ID } from '#shared/incident/escalation-alert.ts';
import { buildEvent } from '#shared/testing/build-finding.ts';

import { createPipeline, type Pipeline } from './pipeline.ts';

const rowsOf = <Row>(table: Map<string, { row: Row }>) => [...table.values()].map(({ row }) => row);

/** The alert that a service's events opened. */
function alertOf({ tables }: Pipeline, service: string): string {
  const found = rowsOf(tables.alerts).find(
    (alert) => alert.service === service && alert.rule_id !== ESCALATION_RULE_ID,
  );
  return found!.alert_id;
}

/** What must be the same whoever died on the way. */
function outcomeOf({ tables, messages }: Pipeline) {
  const sorted = (lines: string[]) => lines.toSorted();
  // What goes along in a digest is told as well.
  const told = messages.flatMap(({ intent, delivery, alert, more = [] }) =>
    [alert, ...more.map((one) => one.alert)].map(
      ({ alert_id }) => `${intent} ${alert_id} ${delivery.destination}`,
    ),
  );
  const keys = Map.groupBy(
    messages,
    ({ intent, delivery }) => `${intent} ${delivery.delivery_key} ${delivery.desired_at}`,
  );
  return {
    alerts: sorted(
      rowsOf(tables.alerts).map((row) =>
        [row.alert_id, row.state, row.count, row.escalation_level, row.incident_id].join(' '),
      ),
    ),
    deliveries: sorted(
      rowsOf(tables.deliveries).map((row) =>
        [row.delivery_key, row.status, row.desired, row.sent, row.next_attempt_at].join(' '),
      ),
    ),
    incidents: sorted(
      rowsOf(tables.incidents).map((row) =>
        [row.incident_id, row.status, row.escalation_level, row.alert_count, row.open_count].join(
          ' ',
        ),
      ),
    ),
    journal: sorted(rowsOf(tables.journal).map(({ subject, action }) => `${subject.id} ${action}`)),
    timers: rowsOf(tables.timers).length,
    outbox: tables.outbox.size,
    /** Who was told what of which alert. */
    told: sorted([...new Set(told)]),
    /** How many keys the repetitions of one message have. */
    keys: Math.max(
      ...[...keys.values()].map((same) => new Set(same.map((one) => one.idempotency_key)).size),
    ),
    /** How often each of them was told. */
    sends: [...Map.groupBy(told, (one) => one).values()].map((same) => same.length),
  };
}

/**
 * An alert that makes an incident, two channels, a second step, an escalation by a person, an
 * acknowledgement, a second alert with an incident of its own, and a resolve; after each of them a
 * minute, or three for what a death left behind.
 */
export async function tellStory(dies = -1) {
  const pipeline = createPipeline(dies);
  const recover = async () => {
    await pipeline.minute();
    // Where nobody died the rest of the minutes would pass in vain.
    if (pipeline.death() !== undefined)
      for (let more = 0; more < 2; more++) await pipeline.minute();
  };
  await pipeline.detect(buildEvent(1));
  await recover();
  await pipeline.escalate(rowsOf(pipeline.tables.incidents)[0]!.incident_id);
  await recover();
  await pipeline.acknowledge(alertOf(pipeline, 'checkout'));
  await recover();
  await pipeline.detect(buildEvent(2, { service: 'search' }));
  await pipeline.detect(buildEvent(3, { service: 'search' }));
  await recover();
  await pipeline.resolve(alertOf(pipeline, 'checkout'));
  await recover();
  await recover();
  return { outcome: outcomeOf(pipeline), awaits: pipeline.passed(), death: pipeline.death() };
}

/** What came of a death at each `stride`-th await, from `first` on. */
export interface Enumeration {
  awaits: number;
  deaths: { index: number; where: string }[];
  /** Runs in which somebody was told a thing twice. */
  repeated: number;
  /** Deaths after which the end was another; none is what must be. */
  different: { index: number; where: string; expected: string; found: string }[];
}

/** Tells the story once whole and once for each death, and compares the ends. */
export async function enumerateDeaths(first = 0, stride = 1): Promise<Enumeration> {
  const whole = await tellStory();
  const found: Enumeration = { awaits: whole.awaits, deaths: [], repeated: 0, different: [] };
  const { sends: once, ...rest } = whole.outcome;
  if (Math.max(...once) > 1) throw new Error('told twice though nobody died');
  const expected = JSON.stringify(rest);
  for (let index = first; index < whole.awaits; index += stride) {
    const { outcome, death: where = 'nowhere' } = await tellStory(index);
    const { sends, ...same } = outcome;
    const times = Math.max(...sends);
    found.deaths.push({ index, where: where.replace(/ of .*/, '') });
    if (times > 1) found.repeated++;
    if (times > 2 || JSON.stringify(same) !== expected)
      found.different.push({ index, where, expected, found: JSON.stringify({ ...same, times }) });
  }
  return found;
}
