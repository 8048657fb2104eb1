import type { Silence } from '#shared/silence/schema.ts';

import { useScope } from '#dashboard/shell/app-context.ts';
import { actorName } from '#dashboard/shell/format.ts';
import { Menu } from '#dashboard/shell/part/menu.tsx';

import { MatcherWords } from './matcher-words.tsx';
import { MutesNow } from './mutes-now.tsx';
import { lastEndOf, type Phase } from './phase.ts';
import { useSilenceActions } from './silence-actions.ts';
import { Until } from './until.tsx';

interface Props {
  silences: readonly Silence[];
  phase: Phase;
  onChanged: () => void;
}

const HOUR_MS = 3_600_000;
const EXTENSIONS = [
  ['1 h', HOUR_MS],
  ['4 h', 4 * HOUR_MS],
  ['1 day', 24 * HOUR_MS],
] as const;

/** Silences of one phase as cards: what they ask, why, who, until when. */
export function SilenceList({ silences, phase, onChanged }: Props) {
  const actions = useSilenceActions(onChanged);
  const { title: refusal } = useScope('sentry.policy.write');
  return (
    <ul className="cards">
      {silences.map((silence) => (
        <li key={silence.silence_id} className="card" data-silence-id={silence.silence_id}>
          <div className="card-main">
            <p className="card-title">
              <MatcherWords matchers={silence.matchers} />
            </p>
            <p>
              <bdi>{silence.comment}</bdi>
            </p>
            <dl className="card-facts">
              {phase === 'upcoming' && (
                <Fact name="Starts">
                  <Until at={silence.starts_at} />
                </Fact>
              )}
              <Fact name={phase === 'ended' ? 'Ended' : 'Ends'}>
                {silence.until_resolved &&
                  phase !== 'ended' &&
                  'when its alerts are resolved, at the latest '}
                <Until at={new Date(lastEndOf(silence)).toISOString()} />
              </Fact>
              <Fact name="By">
                <bdi title={silence.author}>{actorName(silence.author)}</bdi>
              </Fact>
              {phase === 'active' && (
                <Fact name="Matches now">
                  <MutesNow silence={silence} />
                </Fact>
              )}
            </dl>
          </div>
          {phase !== 'ended' && (
            <div className="card-actions">
              {!silence.until_resolved && (
                <Menu
                  label="Extend"
                  items={EXTENSIONS.map(([name, ms]) => ({
                    name: `by ${name}`,
                    run: () => void actions.extend(silence, ms),
                    refusal,
                  }))}
                />
              )}
              <button
                type="button"
                className="button"
                disabled={refusal !== undefined}
                title={refusal}
                onClick={() => actions.end(silence)}
              >
                {phase === 'upcoming' ? 'Cancel' : 'End now'}
              </button>
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}

export function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
