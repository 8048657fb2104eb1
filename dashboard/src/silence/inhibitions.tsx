import { useState } from 'react';

import type { Inhibition } from '#shared/inhibition/schema.ts';

import { useResource } from '#dashboard/api/use-resource.ts';
import { useApp, useScope } from '#dashboard/shell/app-context.ts';
import { actorName } from '#dashboard/shell/format.ts';
import { Empty } from '#dashboard/shell/notice.tsx';
import { Loaded } from '#dashboard/shell/part/loaded.tsx';

import { InhibitionForm } from './inhibition-form.tsx';
import { Fact } from './list.tsx';
import { fieldWords } from './matcher-text.ts';
import { MatcherWords } from './matcher-words.tsx';
import { useRemoval } from './use-removal.ts';

/** Rules by which one active alert keeps others quiet. */
export function Inhibitions() {
  const { call } = useApp();
  const { title: refusal } = useScope('sentry.policy.write');
  const list = useResource('inhibitions', () => call('inhibitions.list', {}));
  const [edited, setEdited] = useState<Inhibition | 'new'>();
  const remove = useRemoval(list.reload);
  const close = () => setEdited(undefined);
  const button = {
    type: 'button',
    disabled: refusal !== undefined,
    title: refusal,
  } as const;
  return (
    <>
      <div className="filter-bar">
        <p className="muted">While a cause is known, its consequences wake nobody.</p>
        <div className="screen-actions">
          <button {...button} className="button button-primary" onClick={() => setEdited('new')}>
            New inhibition
          </button>
        </div>
      </div>
      <Loaded what="Inhibitions" resource={list}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="No alert keeps another quiet.">
              <p>
                An inhibition says: while this is active, do not tell of that. For example, while a
                service is down, its warnings need nobody.
              </p>
            </Empty>
          ) : (
            <ul className="cards">
              {items.map((one) => (
                <li key={one.inhibition_id} className="card" data-inhibition-id={one.inhibition_id}>
                  <div className="card-main">
                    <p className="card-title">
                      <bdi>{one.comment}</bdi>
                    </p>
                    <dl className="card-facts">
                      <Fact name="While active">
                        <MatcherWords matchers={one.source} />
                      </Fact>
                      <Fact name="Not told">
                        <MatcherWords matchers={one.target} />
                      </Fact>
                      <Fact name="That agree in">
                        <bdi>{one.equal.map(fieldWords).join(', ') || 'nothing'}</bdi>
                      </Fact>
                      <Fact name="Critical">
                        {one.holds_critical ? 'held back too' : 'always told'}
                      </Fact>
                      <Fact name="By">
                        <bdi>{actorName(one.author)}</bdi>
                      </Fact>
                    </dl>
                  </div>
                  <div className="card-actions">
                    <button {...button} className="button" onClick={() => setEdited(one)}>
                      Change
                    </button>
                    <button
                      {...button}
                      className="button"
                      onClick={() =>
                        remove({
                          title: 'Remove this inhibition?',
                          text: `“${one.comment}” holds nothing back any more; what it holds back now is told at once.`,
                          write: () =>
                            call('inhibitions.delete', {
                              inhibition_id: one.inhibition_id,
                              if_version: one.version,
                            }),
                        })
                      }
                    >
                      Remove
                    </button>
                  </div>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {edited !== undefined && (
        <InhibitionForm
          inhibition={edited === 'new' ? undefined : edited}
          onClose={close}
          onSaved={() => {
            close();
            list.reload();
          }}
        />
      )}
    </>
  );
}
