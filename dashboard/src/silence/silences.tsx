import { useLocation, useSearch } from 'wouter';

import { useResource } from '#dashboard/api/use-resource.ts';
import { useApp, useScope } from '#dashboard/shell/app-context.ts';
import { serverNow, useTimedText } from '#dashboard/shell/clock.ts';
import { Empty } from '#dashboard/shell/notice.tsx';
import { Loaded } from '#dashboard/shell/part/loaded.tsx';

import { SilenceList } from './list.tsx';
import { readMatchers } from './matcher-text.ts';
import { lastEndOf, PHASE_WORDS, phaseOf, PHASES } from './phase.ts';
import { SilenceForm } from './silence-form.tsx';

/** Silences by phase, and the form for a new one; both are in the address. */
export function Silences() {
  const { call } = useApp();
  const { isAllowed, title: refusal } = useScope('sentry.policy.write');
  const search = useSearch();
  const [, navigate] = useLocation();
  const query = new URLSearchParams(search);
  const phase = PHASES.find((one) => one === query.get('phase')) ?? 'active';
  const list = useResource('silences', () => call('silences.list', {}));
  // A silence goes from one phase to the next by itself.
  useTimedText((now) => (list.value?.items ?? []).map((silence) => phaseOf(silence, now)).join());
  const go = (change: (next: URLSearchParams) => void) => {
    const next = new URLSearchParams(search);
    change(next);
    navigate(next.size > 0 ? `/silences?${next}` : '/silences', { replace: true });
  };
  const close = () =>
    go((next) => {
      next.delete('new');
      next.delete('match');
    });
  return (
    <>
      <div className="filter-bar">
        <div className="chips" role="group" aria-label="When">
          {PHASES.map((one) => (
            <button
              key={one}
              type="button"
              className="chip"
              aria-pressed={phase === one}
              onClick={() => go((next) => next.set('phase', one))}
            >
              {PHASE_WORDS[one]}
              <span className="chip-count">
                {list.value?.items.filter((item) => phaseOf(item, serverNow()) === one).length}
              </span>
            </button>
          ))}
        </div>
        <div className="screen-actions">
          <button
            type="button"
            className="button button-primary"
            disabled={!isAllowed}
            title={refusal}
            onClick={() => go((next) => next.set('new', '1'))}
          >
            New silence
          </button>
        </div>
      </div>
      <Loaded what="Silences" resource={list}>
        {({ items }) => {
          const shown = items
            .filter((item) => phaseOf(item, serverNow()) === phase)
            .toSorted((a, b) => lastEndOf(a) - lastEndOf(b));
          if (shown.length > 0)
            return <SilenceList silences={shown} phase={phase} onChanged={list.reload} />;
          return (
            <Empty title={EMPTY[phase]}>
              <p>
                A silence keeps alerts from waking people while somebody works on what they are
                about. They go on being recorded, counted and shown.
              </p>
            </Empty>
          );
        }}
      </Loaded>
      {query.get('new') === '1' && (
        <SilenceForm
          key={query.get('match')}
          matchers={readMatchers(query.get('match'))}
          onClose={close}
          onSaved={() => {
            list.reload();
            go((next) => {
              for (const name of ['new', 'match', 'phase']) next.delete(name);
            });
          }}
        />
      )}
    </>
  );
}

const EMPTY = {
  active: 'Nothing is silenced now.',
  upcoming: 'No silence is planned.',
  ended: 'No silence ended in the last 7 days.',
} as const;
