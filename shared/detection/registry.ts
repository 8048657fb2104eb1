import type { EventRecord } from '#shared/event/schema.ts';
import type { InputIssue } from '#shared/kernel/error.ts';

import type { Detector, DetectorKind } from './detector.ts';
import { DETECTOR_KINDS, type DetectorConfig } from './kinds.ts';

/** A detector whose state only it can read. */
export type BoundDetector = Detector<unknown>;

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
  return kindOf(config).init(config);
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
