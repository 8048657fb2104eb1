import * as z from 'zod';

import { AbsenceConfig, absenceKind } from './absence/absence.ts';
import { LearnedConfig } from './learned/config.ts';
import { learnedKind } from './learned/learned.ts';
import { MatchConfig, matchKind } from './match/match.ts';
import { NewValueConfig, newValueKind } from './new-value.ts';
import { SequenceConfig } from './sequence/config.ts';
import { sequenceKind } from './sequence/sequence.ts';
import { StatisticalConfig } from './statistical/config.ts';
import { statisticalKind } from './statistical/statistical.ts';
import { ThresholdConfig } from './threshold/config.ts';
import { thresholdKind } from './threshold/threshold.ts';

/** What kind of detector, and its settings. A new kind is a new file, and its two names in this one. */
export const DetectorConfig = z.discriminatedUnion('kind', [
  MatchConfig,
  ThresholdConfig,
  AbsenceConfig,
  SequenceConfig,
  NewValueConfig,
  StatisticalConfig,
  LearnedConfig,
]);
export type DetectorConfig = z.infer<typeof DetectorConfig>;

/** Every kind of detector there is. */
export const DETECTOR_KINDS = {
  match: matchKind,
  threshold: thresholdKind,
  absence: absenceKind,
  sequence: sequenceKind,
  new_value: newValueKind,
  statistical: statisticalKind,
  learned: learnedKind,
};
