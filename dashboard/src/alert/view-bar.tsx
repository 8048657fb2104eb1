import { useState } from 'react';
import { Link } from 'wouter';

import { useApp } from '#dashboard/shell/app-context.ts';
import { Icon } from '#dashboard/shell/icon.tsx';
import { Dialog } from '#dashboard/shell/part/dialog.tsx';
import { Field, Form } from '#dashboard/shell/part/field.tsx';

import { dropView, keepView, readViews, SHIPPED_VIEWS } from './views.ts';

/** Filters one click away: those shipped, and those this person kept. `query` is the one shown now. */
export function ViewBar({ query }: { query: string }) {
  const { me } = useApp();
  const [kept, setKept] = useState(() => readViews(localStorage, me.actor));
  const [isNaming, setIsNaming] = useState(false);
  const all = [...SHIPPED_VIEWS, ...kept];
  const isKnown = all.some((view) => view.query === query);
  return (
    <nav className="views" aria-label="Views">
      {all.map((view) => (
        <span key={view.name} className="view">
          <Link
            href={view.query ? `/alerts?${view.query}` : '/alerts'}
            aria-current={view.query === query ? 'true' : undefined}
          >
            <bdi>{view.name}</bdi>
          </Link>
          {kept.includes(view) && (
            <button
              type="button"
              className="button button-icon"
              aria-label={`Forget the view ${view.name}`}
              onClick={() => setKept(dropView(localStorage, me.actor, view.name))}
            >
              <Icon name="close" />
            </button>
          )}
        </span>
      ))}
      {!isKnown && (
        <button
          type="button"
          className="button button-small button-quiet"
          onClick={() => setIsNaming(true)}
        >
          Save this view …
        </button>
      )}
      {isNaming && (
        <NameView
          onClose={() => setIsNaming(false)}
          onName={(name) => {
            setKept(keepView(localStorage, me.actor, { name, query }));
            setIsNaming(false);
          }}
        />
      )}
    </nav>
  );
}

function NameView(props: { onName: (name: string) => void; onClose: () => void }) {
  const [name, setName] = useState('');
  const isTaken = SHIPPED_VIEWS.some((view) => view.name === name.trim());
  return (
    <Dialog title="Save this view" onClose={props.onClose} actions={<></>}>
      <Form
        verb="Save"
        onSubmit={() => {
          if (name.trim() !== '' && !isTaken) props.onName(name);
        }}
        onCancel={props.onClose}
      >
        <Field
          label="Name"
          hint="Kept in this browser, for you. The same name replaces it."
          error={isTaken ? 'A view of this name is there already.' : undefined}
        >
          {(control) => (
            <input
              {...control}
              required
              maxLength={40}
              autoComplete="off"
              value={name}
              onChange={({ target }) => setName(target.value)}
            />
          )}
        </Field>
      </Form>
    </Dialog>
  );
}
