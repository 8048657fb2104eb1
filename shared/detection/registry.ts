import type { EventRecord } from '#shared/event/schema.ts';
import type { InputIssue } from '#shared/kernel/error.ts';

import type { Detector, DetectorKind } from './detector.ts';
import { DETECTOR_KINDS, type DetectorConfig } from './kinds.ts';

/** A detector whose state only it can read. */
export interface BoundDetector extends Detector<unknown> {
  /** After so long without a write the row of a series goes. */
  idle_seconds: number;
}

const DAY_SECONDS = 86_400;
/** No row goes while the stream can still bring one of its records again, which is 7 days. */
const IDLE_DAYS_MIN = 7;
const IDLE_DAYS_MAX = 90;

type AnyKind = DetectorKind<{ kind: string }, unknown>;

/** Held against the settings by type: a kind listed without its schema, or the other way round, does not compile. */
const KINDS: {
  [Kind in DetectorConfig['kind']]: DetectorKind<Extract<DetectorConfig, { kind: Kind }>, unknown>;
} = DETECTOR_KINDS;

function kindOf(config: DetectorConfig): AnyKind {
  return KINDS[config.kind];
}

/** Makes the detector of a rule. */
export function bindDetector(config: DetectorConfig): BoundDetector {
  return { ...kindOf(config).init(config), idle_seconds: idleSeconds(config) };
}

function idleSeconds(config: DetectorConfig): number {
  const kind = kindOf(config);
  const longest = IDLE_DAYS_MAX * DAY_SECONDS;
  const own = 'window_seconds' in config ? 2 * config.window_seconds : longest;
  const wanted = kind.idleSeconds?.(config) ?? own;
  const days = Math.min(Math.max(wanted / DAY_SECONDS, IDLE_DAYS_MIN), IDLE_DAYS_MAX);
  return Math.ceil(days * DAY_SECONDS);
}

/** What the detector's points hold of an event as `value`. */
export function bindReader(config: DetectorConfig): (event: EventRecord) => unknown {
  return kindOf(config).read?.(config) ?? (() => undefined);
}

/** What is wrong with settings of the right shape, by path inside the rule. */
export function checkDetector(config: DetectorConfig): InputIssue[] {
  const issues = kindOf(config).check?.(config) ?? [];
  return issues.map(({ path, message }) => ({ path: `detector.${path}`, message }));
}

/** When a rule of these settings fires, in a few words. */
export function describeDetector(config: DetectorConfig): string {
  return kindOf(config).describe(config);
}
