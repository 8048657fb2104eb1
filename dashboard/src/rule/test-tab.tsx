import { useState } from 'react';

import type { OperationResult } from '#shared/api/routes.ts';

import { reasonOf } from '#dashboard/api/problem.ts';
import { useApp, useScope } from '#dashboard/shell/app-context.ts';
import { Empty } from '#dashboard/shell/notice.tsx';
import { Field } from '#dashboard/shell/part/field.tsx';

import type { RuleBody } from './body.ts';
import { readEvents } from './read-events.ts';
import { readRecentEvents, RECENT_MAX } from './recent-events.ts';
import { VerdictCard } from './verdict.tsx';

const SOURCES = {
  own: {
    name: 'Its own tests',
    meaning: 'What “fires” and “quiet” promise, held against the rule.',
  },
  pasted: {
    name: 'Pasted events',
    meaning: 'An array, one event, or one in each line, in any form a producer may send.',
  },
  recent: {
    name: 'Recent events',
    meaning: `The last ${RECENT_MAX} events that alerts hold as evidence, with their payloads.`,
  },
} as const;
type Source = keyof typeof SOURCES;

interface Props {
  /** The rule as it is written now; undefined when the text is no JSON. */
  body: RuleBody | undefined;
  isChanged: boolean;
}

/** Tries the rule on events, and says which matched, why, and what alert would open. Nothing is stored. */
export function TestTab({ body, isChanged }: Props) {
  const { call } = useApp();
  const { title } = useScope('sentry.policy.write');
  const [source, setSource] = useState<Source>('own');
  const [text, setText] = useState('');
  const [trial, setTrial] = useState<OperationResult<'rules.test'>>();
  const [error, setError] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  const refusal =
    title ??
    (body === undefined ? 'The text in the editor is not JSON yet' : undefined) ??
    (source === 'pasted' && text.trim() === '' ? 'Paste events first' : undefined);
  const run = async () => {
    if (!body) return;
    setIsBusy(true);
    setError(undefined);
    setTrial(undefined);
    try {
      const events = source === 'recent' ? await readRecentEvents(call) : readEvents(text);
      if (source === 'recent' && events.length === 0)
        return setError('No alert holds events yet, so there is nothing to try it on.');
      setTrial(
        await call('rules.test', {
          rule: { ...body },
          ...(source !== 'own' && { batches: [{ name: SOURCES[source].name, events }] }),
        }),
      );
    } catch (failure) {
      setError(reasonOf(failure));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <section className="panel" aria-label="Test">
      <div className="chips" role="group" aria-label="Events to try it on">
        {Object.entries(SOURCES).map(([word, { name }]) => (
          <button
            key={word}
            type="button"
            className="chip"
            aria-pressed={source === word}
            onClick={() => {
              setSource(word as Source);
              setTrial(undefined);
              setError(undefined);
            }}
          >
            {name}
          </button>
        ))}
      </div>
      <p className="muted rule-note">
        {SOURCES[source].meaning}
        {isChanged && ' The rule is tried as it is in the editor, saved or not.'}
      </p>
      {source === 'pasted' && (
        <Field label="Events">
          {(control) => (
            <textarea
              {...control}
              className="code-area"
              rows={8}
              spellCheck={false}
              value={text}
              placeholder='{"source":"till","type":"payment","service":"shop","payload":{"outcome":"failed"}}'
              onChange={({ target }) => setText(target.value)}
            />
          )}
        </Field>
      )}
      <div className="form-actions">
        <button
          type="button"
          className="button button-primary"
          disabled={refusal !== undefined || isBusy}
          aria-busy={isBusy}
          title={refusal}
          onClick={() => void run()}
        >
          {isBusy ? 'Testing …' : 'Run the test'}
        </button>
      </div>
      <div className="verdicts" aria-live="polite">
        {error !== undefined && (
          <p className="form-error" role="alert">
            <bdi>{error}</bdi>
          </p>
        )}
        {trial?.items.length === 0 && (
          <Empty title="The rule has no tests.">
            <p>
              Add some under “tests”: one whose events must fire, and one whose events must stay
              quiet. A rule is enabled only with both.
            </p>
          </Empty>
        )}
        {trial?.items.map((item, index) => (
          <VerdictCard
            // The same name may stand twice, and the order is that of the rule.
            // oxlint-disable-next-line react/no-array-index-key
            key={index}
            verdict={item}
          />
        ))}
      </div>
    </section>
  );
}
