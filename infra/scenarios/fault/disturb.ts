import { checkMessages, compareAlerts, differences } from '#infra/scenarios/compare.ts';
import { openScenario, type Scenario } from '#infra/scenarios/harness.ts';
import type { Snapshot } from '#infra/scenarios/snapshot.ts';
import type { Put } from '#infra/scenarios/workload.ts';
import { ESCALATION_RULE_ID } from '#shared/incident/escalation-alert.ts';

import type { Calm, CleanRun, Load } from './clean-run.ts';
import type { Fault, FaultOptions, Verdict } from './fault.ts';

/** One for all, so that one run without a fault serves them all. */
const SHORT_LOAD: Load = { events: 1_000, matching: 0.1 };

/** A fault in the path of a workload: the same events must end as they do without it. */
export interface Disturbance {
  id: string;
  name: string;
  what: string;
  /** Of the long form. */
  load: Load;
  /** Puts the events while the fault lasts, and ends it; answers what the fault did. Throws when it never struck. */
  disturb(
    scenario: Scenario,
    puts: readonly Put[],
    options: FaultOptions & { run: CleanRun },
  ): Promise<Record<string, number>>;
  /** What the run without a fault does with the events; puts them unless told. */
  calm?: Calm;
  /** A message may come again under its key; without it none may. */
  repeats?: true;
  /** Queues that may hold what was given up and done by another way. */
  givenUp?: readonly string[];
  /** What else must hold at the end, while the instance still runs. */
  check?(scenario: Scenario, snapshot: Snapshot, run: CleanRun): Promise<string[]>;
}

/** Makes a row of the matrix of a disturbance. */
export function disturbance(definition: Disturbance): Fault {
  const { id, name, what } = definition;
  return { id, name, what, run: (options) => run(definition, options) };
}

async function run(definition: Disturbance, options: FaultOptions): Promise<Verdict> {
  const { size, seed, clean, scale = 1 } = options;
  const long = { ...definition.load, events: Math.round(definition.load.events * scale) };
  const cleanRun = await clean.of(size === 'short' ? SHORT_LOAD : long, seed, definition.calm);
  const scenario = await openScenario();
  const started = performance.now();
  try {
    const figures = await definition.disturb(scenario, cleanRun.puts, {
      ...options,
      run: cleanRun,
    });
    const { minutes } = await scenario.settle(600_000);
    const snapshot = await scenario.snapshot();
    for (const queue of definition.givenUp ?? []) delete snapshot.dead_letters[queue];
    const more = (await definition.check?.(scenario, snapshot, cleanRun)) ?? [];
    const verdict = judge(cleanRun, snapshot);
    if (!definition.repeats && verdict.repeated > 0)
      verdict.wrong.push(`${verdict.repeated} messages came again`);
    const seconds = Math.round((performance.now() - started) / 100) / 10;
    const { alerts, deliveries } = snapshot;
    return {
      ...verdict,
      wrong: [...verdict.wrong, ...more],
      figures: {
        events: cleanRun.puts.length,
        alerts: alerts.length,
        counted: alerts.reduce((sum, { count }) => sum + count, 0),
        deliveries: deliveries.length,
        clean_seconds: Math.round(cleanRun.seconds * 10) / 10,
        faulty_seconds: seconds,
        clock_moved_minutes: minutes,
        ...figures,
      },
    };
  } finally {
    await scenario.close();
  }
}

/** Holds the end of a run against the oracle and against the run without a fault. */
function judge(clean: CleanRun, faulty: Snapshot): Omit<Verdict, 'figures'> {
  const messages = checkMessages(faulty);
  const { missing, unexpected, differing, repeated } = messages;
  const counts = countDifferences(clean.snapshot, faulty);
  return {
    wrong: [
      ...compareAlerts(clean.snapshot.alerts, clean.expected).map((line) => `clean run: ${line}`),
      ...compareAlerts(faulty.alerts, clean.expected),
      ...differences(clean.snapshot, faulty),
      ...missing.map((line) => `not told: ${line}`),
      ...unexpected.map((line) => `told for nothing: ${line}`),
      ...differing.map((line) => `told under two keys: ${line}`),
    ],
    lost: counts.lost + missing.length,
    extra: counts.extra + unexpected.length,
    doubles: differing.length,
    repeated,
  };
}

/** Alerts and counted events that only one of the two has; the alerts of escalations differ by nature. */
function countDifferences(clean: Snapshot, faulty: Snapshot): { lost: number; extra: number } {
  const countsOf = ({ alerts }: Snapshot) =>
    new Map(
      alerts
        .filter(({ rule_id }) => rule_id !== ESCALATION_RULE_ID)
        .map(({ alert_id, count }) => [alert_id, count]),
    );
  const [had, has] = [countsOf(clean), countsOf(faulty)];
  let [lost, extra] = [0, 0];
  for (const id of new Set([...had.keys(), ...has.keys()])) {
    const more = (has.get(id) ?? 0) - (had.get(id) ?? 0);
    if (more > 0) extra += more;
    else lost -= more;
  }
  return { lost, extra };
}
