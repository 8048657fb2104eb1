import type { Point, Update } from '#shared/detection/detector.ts';
import type { DetectorConfig } from '#shared/detection/kinds.ts';
import { bindDetector } from '#shared/detection/registry.ts';

/** A detector that is fed one value after another and remembers what it said. */
export function runDetector(config: DetectorConfig) {
  const detector = bindDetector(config);
  let state = detector.empty();
  let fed = 0;
  const updates: Update<unknown>[] = [];
  return {
    detector,
    updates,
    state: () => state,
    feed(at: number, value: unknown): Update<unknown> {
      const point: Point = { event_id: `e-${++fed}`, at, stated_at: at, value };
      const update = detector.update(state, point);
      state = update.state;
      updates.push(update);
      return update;
    },
    /** Of points already trusted. */
    findings: () => updates.filter(({ match }) => match !== undefined && !match.warming),
  };
}
