import type { Detector, DetectorKind, Point, Update } from '#shared/detection/detector.ts';
import { checkEventPath } from '#shared/event/check-path.ts';
import { fieldReader } from '#shared/event/read-field.ts';

import { measureOf, sampleValue } from './aggregate.ts';
import type { ThresholdConfig } from './config.ts';
import { insertExact } from './exact-window.ts';
import type { Finding } from './exact-window.ts';
import { describeThreshold, explainFinding } from './explain.ts';
import { packState, unpackState } from './pack.ts';
import { insertSketch, toSketch } from './sketch-window.ts';
import { insertSlot, toSlots } from './slot-window.ts';
import { EMPTY, PLAIN_SAMPLES_MAX, VALUED_SAMPLES_MAX } from './state.ts';
import type { ThresholdState } from './state.ts';

/**
 * Fires when count, distinct count, sum, average, rate or a percentile over a sliding window of event
 * time crosses a limit. Exact while two windows hold ≤ 256 valued samples (512 when only counting),
 * then in slots of a sixtieth of the window, where windows are a little too wide and distinct counts an
 * estimate; percentiles are then within 2 %, over slots of a sixteenth, or up to half, of the window.
 * Averages, percentiles and limits from below are judged on what has arrived: a later event cannot
 * take a finding back.
 */
export const thresholdKind: DetectorKind<ThresholdConfig, ThresholdState> = {
  kind: 'threshold',
  version: 1,
  check: ({ field }) => (field === undefined ? [] : checkEventPath('field', field)),
  read: ({ field }) => (field === undefined ? () => undefined : fieldReader(field)),
  describe: describeThreshold,
  init: createThreshold,
};

function createThreshold(config: ThresholdConfig): Detector<ThresholdState> {
  const windowMs = config.window_seconds * 1000;
  const measure = measureOf(config);
  const samplesMax = measure === 'count' ? PLAIN_SAMPLES_MAX : VALUED_SAMPLES_MAX;

  function update(state: ThresholdState, point: Point): Update<ThresholdState> {
    const value = sampleValue(config, point.value);
    if (typeof value === 'string')
      return { state: { ...state, skipped: state.skipped + 1 }, skipped: value };
    const at = Math.round(point.at);
    if (!Number.isSafeInteger(at))
      return { state: { ...state, skipped: state.skipped + 1 }, skipped: 'no event time' };
    const newest = newestOf(state);
    if (newest !== undefined && at <= newest - windowMs)
      return {
        state: { ...state, late: state.late + 1 },
        skipped: `later than the window of ${config.window_seconds} s`,
      };
    const current = restartWhenIdle(state, at, windowMs);
    const added = insert(current, config, at, value);
    const next =
      added.state.kind === 'exact' && added.state.times.length > samplesMax
        ? (measure === 'percentile' ? toSketch : toSlots)(added.state, config)
        : added.state;
    if (added.finding === undefined) return { state: next };
    return {
      state: next,
      match: {
        occurrences: added.finding.occurrences,
        since: added.finding.since,
        explain: explainFinding(config, added.finding, current.kind !== 'exact'),
      },
    };
  }

  return {
    empty: () => EMPTY,
    update,
    pack: (state) => packState(state, config),
    unpack: (bytes) => unpackState(bytes, config),
  };
}

function insert(
  state: ThresholdState,
  config: ThresholdConfig,
  at: number,
  value: number,
): { state: ThresholdState; finding?: Finding } {
  switch (state.kind) {
    case 'exact':
      return insertExact(state, config, at, value);
    case 'slots':
      return insertSlot(state, config, at, value);
    default:
      return insertSketch(state, config, at, value);
  }
}

function newestOf(state: ThresholdState): number | undefined {
  return state.kind === 'exact' ? state.times.at(-1) : state.newest;
}

/** After two silent windows nothing old can matter: a series in slots counts exactly again. */
function restartWhenIdle(state: ThresholdState, at: number, windowMs: number): ThresholdState {
  if (state.kind === 'exact' || at - state.newest < 2 * windowMs) return state;
  return { ...EMPTY, late: state.late, skipped: state.skipped };
}
