import { layerTurns } from './layer-turns.ts';
import type { Schedule, Shift } from './schema.ts';
import { complement, overlay, type Span } from './span.ts';

const DAY_MS = 86_400_000;
/** How far around an instant the ends of its shift are looked for, in steps: most shifts are short. */
const REACHES_MS = [2 * DAY_MS, 9 * DAY_MS, 35 * DAY_MS];

interface Duty extends Span {
  user: string;
  layer?: string;
  override_id?: string;
}

/** Who is on call from `from` to `to` (ms), in order of time; what nobody has is left out. Pure. */
export function shiftsOf(schedule: Schedule, from: number, to: number): Shift[] {
  return joined(dutiesOf(schedule, { from, to })).map(shiftOf);
}

/** Who is on call at an instant (ms), and since and until when within five weeks around it. Pure. */
export function onCallAt(schedule: Schedule, at: number): Shift | undefined {
  let duty: Duty | undefined;
  for (const reach of REACHES_MS) {
    const range = { from: at - reach, to: at + reach };
    duty = joined(dutiesOf(schedule, range)).find(({ from, to }) => from <= at && at < to);
    if (!duty || (duty.from > range.from && duty.to < range.to)) break;
  }
  return duty && shiftOf(duty);
}

/** The times in which nobody is on call. Pure. */
export function gapsOf(
  schedule: Schedule,
  from: number,
  to: number,
): { from: string; to: string }[] {
  return complement(dutiesOf(schedule, { from, to }), from, to).map((gap) => ({
    from: textOf(gap.from),
    to: textOf(gap.to),
  }));
}

function dutiesOf({ layers, overrides, time_zone }: Schedule, range: Span): Duty[] {
  let duties: Duty[] = [];
  for (const layer of layers) {
    const turns = layerTurns(layer, time_zone, range);
    duties = overlay(
      duties,
      turns.map((turn) => ({ ...turn, layer: layer.name })),
    );
  }
  for (const { override_id, user, ...times } of overrides) {
    const from = Math.max(Date.parse(times.from), range.from);
    const to = Math.min(Date.parse(times.to), range.to);
    if (from < to) duties = overlay(duties, [{ user, override_id, from, to }]);
  }
  return duties;
}

/** Neighbours of one person for one reason are one shift. */
function joined(duties: readonly Duty[]): Duty[] {
  const shifts: Duty[] = [];
  for (const duty of duties) {
    const last = shifts.at(-1);
    const continues =
      last?.to === duty.from &&
      last.user === duty.user &&
      last.layer === duty.layer &&
      last.override_id === duty.override_id;
    if (continues) shifts[shifts.length - 1] = { ...last, to: duty.to };
    else shifts.push(duty);
  }
  return shifts;
}

function shiftOf({ from, to, ...rest }: Duty): Shift {
  return { ...rest, from: textOf(from), to: textOf(to) };
}

function textOf(ms: number): string {
  return new Date(ms).toISOString();
}
