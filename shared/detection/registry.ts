import type { DetectorConfig } from '#shared/rule/schema.ts';

import type { Detector } from './detector.ts';
import { matchKind } from './match/match.ts';
import { thresholdKind } from './threshold/threshold.ts';

/** A detector whose state only it can read. */
export type BoundDetector = Detector<unknown>;

type ConfigOf<Kind extends DetectorConfig['kind']> = Extract<DetectorConfig, { kind: Kind }>;

/** Every kind of detector there is. A kind is added here and in `DetectorConfig`, nowhere else. */
const KINDS: {
  [Kind in DetectorConfig['kind']]: { init(config: ConfigOf<Kind>): BoundDetector };
} = {
  match: matchKind,
  threshold: thresholdKind,
};

/** Makes the detector of a rule. */
export function bindDetector(config: DetectorConfig): BoundDetector {
  const kind: { init(config: never): BoundDetector } = KINDS[config.kind];
  return kind.init(config as never);
}
