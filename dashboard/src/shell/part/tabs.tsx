import { type KeyboardEvent, type ReactNode, useId } from 'react';
import { useLocation, useSearch } from 'wouter';

interface Tab {
  /** Its word in the address. */
  word: string;
  name: ReactNode;
  content: () => ReactNode;
}

interface Props {
  label: string;
  tabs: readonly Tab[];
  /** Name of the parameter in the address. */
  parameter?: string;
}

/** Several views of one thing; which one is open is part of the address. Arrow keys go from one to the next. */
export function Tabs({ label, tabs, parameter = 'tab' }: Props) {
  const id = useId();
  const search = useSearch();
  const [path, navigate] = useLocation();
  const word = new URLSearchParams(search).get(parameter);
  const open = tabs.find((tab) => tab.word === word) ?? tabs[0];
  const show = (tab: Tab) => {
    const query = new URLSearchParams(search);
    query.set(parameter, tab.word);
    navigate(`${path}?${query}`, { replace: true });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined || !open) return;
    const next = tabs[(tabs.indexOf(open) + step + tabs.length) % tabs.length]!;
    show(next);
    document.getElementById(`${id}-${next.word}`)?.focus();
  };
  if (!open) return null;
  return (
    <div className="tabs">
      <div className="tab-list" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
        {tabs.map((tab) => (
          <button
            key={tab.word}
            id={`${id}-${tab.word}`}
            type="button"
            role="tab"
            className="tab"
            aria-selected={tab === open}
            aria-controls={`${id}-panel`}
            tabIndex={tab === open ? 0 : -1}
            onClick={() => show(tab)}
          >
            {tab.name}
          </button>
        ))}
      </div>
      <div id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-${open.word}`}>
        {open.content()}
      </div>
    </div>
  );
}
