import { describeDetector } from '#shared/detection/registry.ts';

import type { DetectionRule } from './schema.ts';

/** When a rule fires, in a line: `count ≥ 5 failed logins in 10 min per payload.user`. */
export function describeRule({ detector, group_by }: DetectionRule): string {
  const per = group_by.length > 0 ? ` per ${group_by.join(', ')}` : '';
  return `${describeDetector(detector)}${per}`;
}
