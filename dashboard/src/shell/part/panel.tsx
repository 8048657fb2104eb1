import { type ReactNode, useEffect, useId } from 'react';
import { useLocation, useSearch } from 'wouter';

import { Icon } from '#dashboard/shell/icon.tsx';

interface Props {
  title: string;
  /** Its word in the address, `?focus=word`, when it fills the page; absent: it cannot. */
  word?: string;
  /** What it shows and how to read it, behind a question mark. */
  help?: ReactNode;
  /** Buttons and figures beside the title. */
  actions?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** A part of a screen with a title; with `word` it can fill the page, and Escape brings it back. */
export function Panel({ title, word, help, actions, className = '', children }: Props) {
  const id = useId();
  const { isFull, setFull } = useFull(word);
  return (
    <section
      className={`panel ${isFull ? 'is-full' : ''} ${className}`}
      aria-labelledby={id}
      data-panel={word}
    >
      <div className="panel-head">
        <h2 id={id}>{title}</h2>
        {help !== undefined && <PanelHelp title={title}>{help}</PanelHelp>}
        <div className="panel-actions">
          {actions}
          {word !== undefined && (
            <button
              type="button"
              className="button button-icon"
              aria-pressed={isFull}
              aria-label={isFull ? `Leave full screen: ${title}` : `Full screen: ${title}`}
              title={isFull ? 'Leave full screen (Escape)' : 'Full screen'}
              onClick={() => setFull(!isFull)}
            >
              <Icon name={isFull ? 'shrink' : 'expand'} />
            </button>
          )}
        </div>
      </div>
      {children}
    </section>
  );
}

function PanelHelp({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <>
      <button
        type="button"
        className="button button-icon panel-help"
        popoverTarget={id}
        aria-label={`About: ${title}`}
      >
        <Icon name="help" />
      </button>
      <div id={id} popover="auto" className="popover">
        {children}
      </div>
    </>
  );
}

/** Which panel fills the page is part of the address. */
function useFull(word: string | undefined) {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const isFull = word !== undefined && new URLSearchParams(search).get('focus') === word;
  const setFull = (isOn: boolean) => {
    const query = new URLSearchParams(search);
    if (isOn && word !== undefined) query.set('focus', word);
    else query.delete('focus');
    navigate(query.size > 0 ? `${path}?${query}` : path, { replace: true });
  };
  useEffect(() => {
    if (!isFull) return undefined;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      if (!document.querySelector('dialog[open], [popover]:popover-open')) setFull(false);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  });
  return { isFull, setFull };
}
