import { type Cast, production } from './cast.ts';
import { type Exploration, explore } from './explore.ts';
import { type Invariant, INVARIANTS } from './invariant.ts';
import { createWorld, type Limits } from './world.ts';

/** One world that is looked at from end to end: who is in it, and how much may happen. */
export interface Setting {
  name: string;
  limits: Omit<Limits, 'crashes'>;
  /** Most crashes it is looked at with. */
  crashesMax: number;
  /** Only where two crashes are asked for. */
  long?: boolean;
}

const CALM = { events: 1, redeliveries: 0, refusals: 0, lostAnswers: 0, notifiers: 1, timers: 1 };

/**
 * Worlds small enough to be looked at whole. Together they have every two actors that share a row meet;
 * what is `long` is left out below two crashes.
 */
export const SETTINGS: readonly Setting[] = [
  {
    name: 'two notifiers of one destination that refuses and loses answers',
    limits: {
      ...CALM,
      steps: [['pagerduty']],
      people: [],
      refusals: 1,
      lostAnswers: 1,
      notifiers: 2,
    },
    crashesMax: 2,
  },
  {
    name: 'events counted and redelivered',
    limits: { ...CALM, steps: [['email']], people: [], events: 2, redeliveries: 1 },
    crashesMax: 2,
  },
  {
    name: 'acknowledged and taken back',
    limits: { ...CALM, steps: [['email']], people: ['ack', 'unack'] },
    crashesMax: 2,
  },
  {
    name: 'a step that falls due, acknowledged',
    limits: { ...CALM, steps: [['email'], ['webhook']], people: ['ack'] },
    crashesMax: 0,
  },
  {
    name: 'resolved and back',
    limits: { ...CALM, steps: [['pagerduty']], people: ['resolve'], events: 2 },
    crashesMax: 0,
  },
  {
    name: 'two destinations, one without a key, acknowledged',
    limits: { ...CALM, steps: [['pagerduty', 'email']], people: ['ack'] },
    crashesMax: 1,
    long: true,
  },
  {
    name: 'acknowledged, taken back, resolved',
    limits: { ...CALM, steps: [['email']], people: ['ack', 'unack', 'resolve'] },
    crashesMax: 0,
    long: true,
  },
  {
    name: 'resolved and back, with a crash',
    limits: { ...CALM, steps: [['email']], people: ['resolve'], events: 2 },
    crashesMax: 1,
    long: true,
  },
  {
    name: 'a step that falls due, acknowledged, with a crash',
    limits: { ...CALM, steps: [['email'], ['webhook']], people: ['ack'] },
    crashesMax: 1,
    long: true,
  },
];

/** What came of one world. */
export interface SettingReport extends Exploration {
  setting: string;
  crashes: number;
  seconds: number;
}

export interface ModelReport {
  crashes: number;
  settings: SettingReport[];
  states: number;
  transitions: number;
  depth: number;
  seconds: number;
  /** By invariant: `holds`, or a shortest way to where it does not. */
  invariants: Record<Invariant, 'holds' | { detail: string; steps: string[] }>;
  /** Whether every world was looked at to its end and nothing broke. */
  holds: boolean;
}

export interface ModelOptions {
  /** Most crashes in one life; a world with a bound of its own takes the smaller. */
  crashes: number;
  settings?: readonly Setting[];
  /** Swaps parts of production for naive ones. */
  recast?(this: void, cast: Cast): Cast;
  /** Told of each world as it is done. */
  progress?(this: void, report: SettingReport): void;
}

/**
 * Looks at every interleaving of the actors of every setting, over the verbs and reducers of production,
 * with a crash anywhere between two of their steps. Seconds are the machine's; nothing else depends on it.
 */
export async function checkModel(options: ModelOptions): Promise<ModelReport> {
  const { settings = SETTINGS, recast = (cast: Cast) => cast } = options;
  const done: SettingReport[] = [];
  for (const { name, limits, crashesMax, long } of settings) {
    if (long && options.crashes < 2) continue;
    const crashes = Math.min(options.crashes, crashesMax);
    const started = performance.now();
    const world = createWorld(recast(production(limits.steps)), { ...limits, crashes });
    const explored = await explore(world);
    const seconds = Math.round(performance.now() - started) / 1000;
    const report = { setting: name, crashes, seconds, ...explored };
    done.push(report);
    options.progress?.(report);
  }
  const sum = (field: 'states' | 'transitions' | 'seconds') =>
    done.reduce((total, report) => total + report[field], 0);
  const broken = done.flatMap(({ breach }) => (breach ? [breach] : []));
  const invariants = INVARIANTS.map((invariant) => {
    const breach = broken.find((one) => one.invariant === invariant);
    return [invariant, breach ? { detail: breach.detail, steps: breach.steps } : 'holds'] as const;
  });
  return {
    crashes: options.crashes,
    settings: done,
    states: sum('states'),
    transitions: sum('transitions'),
    depth: Math.max(...done.map(({ depth }) => depth)),
    seconds: sum('seconds'),
    invariants: Object.fromEntries(invariants) as ModelReport['invariants'],
    holds: done.every(({ complete, breach }) => complete && breach === undefined),
  };
}

/** A report as people read it. */
export function describeModel(report: ModelReport): string {
  const lines = report.settings.map(
    ({ setting, crashes, states, transitions, depth, seconds, complete }) =>
      `${setting}: ${states} states, ${transitions} transitions, depth ${depth}, ≤ ${crashes} crashes, ${seconds.toFixed(1)} s${complete ? '' : ', not to its end'}`,
  );
  for (const [invariant, found] of Object.entries(report.invariants)) {
    if (found === 'holds') {
      lines.push(`  ${report.holds ? 'holds' : 'not broken'}: ${invariant}`);
      continue;
    }
    lines.push(`  BROKEN: ${invariant}: ${found.detail}`);
    for (const [index, step] of found.steps.entries()) lines.push(`    ${index + 1}. ${step}`);
  }
  return lines.join('\n');
}
