import type { DetectionRule } from '#shared/rule/schema.ts';

/** Longest warm-up, and that of detectors without a window, which learn from all they have seen. */
const WARM_UP_MS_MAX = 86_400_000;
/** Events that come late belong to the window before. */
const LATE_MS = 600_000;

/**
 * How long before the period a replay of these rules begins, ms: after two windows a detector holds what
 * it held live, the events it had counted already included. At most a day; nothing for `match`.
 */
export function warmUpMs(rules: readonly Pick<DetectionRule, 'detector'>[]): number {
  return Math.max(0, ...rules.map(({ detector }) => ofDetector(detector)));
}

function ofDetector(detector: DetectionRule['detector']): number {
  if (detector.kind === 'match') return 0;
  const { window_seconds, within_seconds } = detector as {
    window_seconds?: number;
    within_seconds?: number;
  };
  const window = window_seconds ?? within_seconds;
  if (window === undefined) return WARM_UP_MS_MAX;
  return Math.min(WARM_UP_MS_MAX, 2 * window * 1000 + LATE_MS);
}
