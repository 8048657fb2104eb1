import { useEffect, useRef } from 'react';

import type { AlertAction } from './act.ts';

interface Keys {
  onAction: (action: AlertAction, alertId: string) => void;
  onChoose: (alertId: string) => void;
  onSearch: () => void;
  onHelp: () => void;
  onShowNew: () => void;
}

/** The row the focus is in; the focus is the list's only cursor. */
function focusedRow(): HTMLElement | null {
  return document.activeElement?.closest<HTMLElement>('[data-alert-id]') ?? null;
}

/** Moves the focus to the title of the next or previous row. */
function moveFocus(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-alert-id]')];
  const current = focusedRow();
  const index = current ? rows.indexOf(current) + step : step === 1 ? 0 : rows.length - 1;
  const link = rows[Math.min(Math.max(index, 0), rows.length - 1)]?.querySelector('a');
  link?.focus();
  link?.scrollIntoView({ block: 'nearest' });
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return target.type !== 'checkbox';
  return target.matches('textarea, select') || target.isContentEditable;
}

/** j and k move, x selects, a acknowledges, r resolves, n shows new, / searches, ? helps. */
export function useKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (document.querySelector('dialog[open]')) return;
      const alertId = focusedRow()?.dataset['alertId'];
      const { onAction, onChoose, onSearch, onHelp, onShowNew } = latest.current;
      const commands: Record<string, (() => void) | undefined> = {
        j: () => moveFocus(1),
        k: () => moveFocus(-1),
        n: onShowNew,
        '/': onSearch,
        '?': onHelp,
        ...(alertId !== undefined && {
          x: () => onChoose(alertId),
          a: () => onAction('ack', alertId),
          r: () => onAction('resolve', alertId),
        }),
      };
      const command = Object.hasOwn(commands, event.key) ? commands[event.key] : undefined;
      if (!command) return;
      event.preventDefault();
      command();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
