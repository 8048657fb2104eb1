import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useLocation } from 'wouter';

import { changeSettings, CLOCKS, DENSITIES, THEMES } from '#dashboard/settings/settings.ts';
import { type App, useApp } from '#dashboard/shell/app-context.ts';
import { SeverityShape } from '#dashboard/shell/badge.tsx';
import { Keys } from '#dashboard/shell/key/help.tsx';
import type { ScreenEntry } from '#dashboard/shell/screen.ts';

import { type Choice, rank } from './rank.ts';

interface Entry extends Choice {
  keys?: string;
  severity?: Parameters<typeof SeverityShape>[0]['severity'];
  run: () => void;
}

interface Props {
  screens: readonly ScreenEntry[];
  onClose: () => void;
}

/** Goes anywhere and does anything by a few letters: places, alerts by id or title, actions. */
export function Palette({ screens, onClose }: Props) {
  const app = useApp();
  const [, navigate] = useLocation();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const entries = useMemo(() => entriesOf(app, screens, navigate), [app, screens, navigate]);
  const found = useMemo(() => rank(entries, text), [entries, text]);
  const chosen = Math.min(at, found.length - 1);
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal();
  }, []);
  useEffect(() => {
    document.getElementById(`${id}-${chosen}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, chosen]);
  const take = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    entry.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && found.length > 0) {
      event.preventDefault();
      setAt((chosen + step + found.length) % found.length);
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      take(found[chosen]);
    }
  };
  return (
    <dialog
      ref={dialog}
      className="dialog palette"
      aria-label="Go to or do"
      onClose={onClose}
      onPointerDown={({ target }) => target === dialog.current && dialog.current?.close()}
    >
      <div className="palette-body">
        <input
          role="combobox"
          aria-label="Place, alert or action"
          aria-expanded={found.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={found.length > 0 ? `${id}-${chosen}` : undefined}
          aria-autocomplete="list"
          placeholder="Place, alert or action"
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={({ target }) => {
            setText(target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
        <ul id={`${id}-list`} role="listbox" aria-label="Found" className="palette-list">
          {found.map((entry, index) => (
            <li
              key={entry.id}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === chosen}
              className="palette-entry"
              onPointerMove={() => setAt(index)}
              onClick={() => take(entry)}
            >
              <span className="palette-kind">{entry.kind}</span>
              {entry.severity && (
                <span className={`severity severity-${entry.severity}`}>
                  <SeverityShape severity={entry.severity} />
                </span>
              )}
              <bdi className="palette-name">{entry.name}</bdi>
              {entry.keys !== undefined && (
                <span className="palette-keys">
                  <Keys keys={entry.keys} />
                </span>
              )}
            </li>
          ))}
        </ul>
        <p className="palette-none" role="status">
          {found.length === 0 ? 'Nothing is called so.' : ''}
        </p>
      </div>
    </dialog>
  );
}

function entriesOf(
  { alerts, me, session }: App,
  screens: readonly ScreenEntry[],
  navigate: (path: string) => void,
): readonly Entry[] {
  const action = (name: string, run: () => void): Entry => {
    return { id: `action ${name}`, kind: 'Action', name, run };
  };
  return [
    ...screens
      .filter(({ group, scope }) => group && (!scope || me.scopes.includes(scope)))
      .map(({ path, name, key }): Entry => ({
        id: `place ${path}`,
        kind: 'Place',
        name,
        ...(key !== undefined && { keys: `g ${key}` }),
        run: () => navigate(path),
      })),
    ...alerts.all().map(({ alert_id, title, service, severity }): Entry => ({
      id: alert_id,
      kind: 'Alert',
      name: title,
      words: `${alert_id} ${service}`,
      severity,
      run: () => navigate(`/alerts/${alert_id}`),
    })),
    ...THEMES.map((theme) => action(`Theme: ${theme}`, () => changeSettings({ theme }))),
    ...DENSITIES.map((density) => action(`Density: ${density}`, () => changeSettings({ density }))),
    ...CLOCKS.map((clock) => action(`Times: ${clock}`, () => changeSettings({ clock }))),
    action('Copy the link to this page', () => {
      void navigator.clipboard.writeText(window.location.href);
    }),
    action('Sign out', () => void session.signOut()),
  ];
}
