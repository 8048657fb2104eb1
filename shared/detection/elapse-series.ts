import type { Finding } from '#shared/alert/finding.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { CompiledRule } from '#shared/rule/compile-rule-set.ts';
import { renderTitle } from '#shared/rule/render-title.ts';

import { unpackLastEvent } from './last-event.ts';
import type { Series } from './series.ts';

/** What became of a series that was due: its row, to be written with `revision` = stored + 1, and what was found. */
export interface Elapsed {
  series: Series;
  finding?: Finding;
  /** Why what was found before is over. */
  recovered?: string;
}

/**
 * Judges a series that is due though no event came, as of `now` (ms). Undefined when it is not due
 * after all. Without a rule that watches it, or with a state that is the rule's no more, it is due no
 * more: the next event begins anew. `touched_at` is RFC 3339. Pure; throws what the detector throws.
 */
export function elapseSeries(
  compiled: CompiledRule | undefined,
  series: Series,
  now: number,
  touched_at: string,
): Elapsed | undefined {
  const { due_at, ...rest } = series;
  if (due_at === undefined) return undefined;
  const revision = series.revision + 1;
  const { detector } = compiled ?? {};
  const state = detector && readState(compiled!, series);
  if (!compiled || !detector?.dueAt || !detector.elapse || !state)
    return { series: { ...rest, revision } };
  const due = detector.dueAt(state.value);
  if (due === undefined) return { series: { ...rest, revision } };
  if (due > now) {
    // The rule's window grew meanwhile, or an event moved it: only the row's time is old.
    const moved = new Date(due).toISOString();
    return moved === due_at ? undefined : { series: { ...series, due_at: moved, revision } };
  }
  const update = detector.elapse(state.value, now);
  const next = detector.dueAt(update.state);
  const row: Series = {
    ...rest,
    rule_version: compiled.rule.version,
    state: detector.pack(update.state),
    touched_at,
    idle_seconds: detector.idle_seconds,
    ...(next !== undefined && { due_at: new Date(next).toISOString() }),
    revision,
  };
  const { match, recovered } = update;
  if (match) return { series: row, finding: findingOf(compiled, series, match) };
  return { series: row, ...(recovered !== undefined && { recovered }) };
}

function readState(compiled: CompiledRule, { state }: Series): { value: unknown } | undefined {
  try {
    return { value: compiled.detector.unpack(state) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

type Match = NonNullable<ReturnType<NonNullable<CompiledRule['detector']['elapse']>>['match']>;

function findingOf({ rule }: CompiledRule, series: Series, match: Match): Finding {
  if (series.last_event_json === undefined)
    throw new SentryError('internal', 'A series that is due keeps its last event.');
  const { event, group } = unpackLastEvent(series.last_event_json);
  return {
    rule,
    group_key: series.series_key,
    group,
    title: renderTitle(rule.title, event),
    occurrences: match.occurrences,
    explain: match.explain,
    events: [event],
    since: new Date(match.since).toISOString(),
    ...(match.warming && { warming: true }),
  };
}
