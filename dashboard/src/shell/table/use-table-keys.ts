import { type RefObject, useEffect, useRef } from 'react';

import { useKeys } from '#dashboard/shell/key/use-keys.ts';

interface Props {
  ids: readonly string[];
  kind: string;
  body: RefObject<HTMLElement | null>;
  scrollTo: (id: string) => void;
  toggle: ((id: string) => void) | undefined;
}

/** The id of the row that has the focus: the focus is a table's only cursor. */
export function focusedRowId(): string | undefined {
  return document.activeElement?.closest<HTMLElement>('[data-row-id]')?.dataset['rowId'];
}

/** j and k move the focus from row to row, Enter opens what has it, x chooses. */
export function useTableKeys({ ids, kind, body, scrollTo, toggle }: Props): void {
  /** The row that gets the focus as soon as it is in the page. */
  const wanted = useRef<string>(undefined);
  const settle = () => {
    const id = wanted.current;
    if (id === undefined) return;
    const row = body.current?.querySelector<HTMLElement>(`[data-row-id="${CSS.escape(id)}"]`);
    if (!row || row.classList.contains('is-far')) return;
    wanted.current = undefined;
    const main = row.querySelector<HTMLElement>('a[href], [data-main]') ?? row;
    main.focus({ preventScroll: true });
    row.scrollIntoView({ block: 'nearest' });
  };
  useEffect(settle);

  const move = (step: 1 | -1) => {
    const current = focusedRowId();
    const at = current === undefined ? -1 : ids.indexOf(current);
    const next = at < 0 ? (step === 1 ? 0 : ids.length - 1) : at + step;
    const index = Math.min(Math.max(next, 0), ids.length - 1);
    const id = ids[index];
    if (id === undefined) return;
    wanted.current = id;
    scrollTo(id);
    settle();
  };
  const group = 'Lists';
  useKeys([
    { keys: 'j', what: `Next ${kind}`, group, run: () => move(1) },
    { keys: 'k', what: `Previous ${kind}`, group, run: () => move(-1) },
    {
      keys: 'o',
      what: `Open the ${kind} (or Enter)`,
      group,
      run: () => {
        if (focusedRowId() !== undefined) (document.activeElement as HTMLElement).click();
      },
    },
    ...(toggle
      ? [
          {
            keys: 'x',
            what: `Select the ${kind}`,
            group,
            run: () => {
              const id = focusedRowId();
              if (id !== undefined) toggle(id);
            },
          },
        ]
      : []),
  ]);
}
