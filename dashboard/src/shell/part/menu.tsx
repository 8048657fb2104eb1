import { type ReactNode, useId, useRef } from 'react';
import { Link } from 'wouter';

import { Icon } from '#dashboard/shell/icon.tsx';

export interface MenuItem {
  name: ReactNode;
  /** Goes there; else `run` is called. */
  href?: string;
  run?: () => void;
  isDanger?: boolean;
  /** Why it cannot be chosen: its tooltip. */
  refusal?: string | undefined;
}

interface Props {
  /** What the button is called; shown unless it has an icon. */
  label: string;
  icon?: 'more';
  items: readonly MenuItem[];
}

/** A button that opens a list of things to do. It stays open while what is around it changes. */
export function Menu({ label, icon, items }: Props) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const place = () => {
    const at = button.current?.getBoundingClientRect();
    const element = list.current;
    if (!at || !element) return;
    element.style.top = `${Math.min(at.bottom + 4, window.innerHeight - element.offsetHeight - 8)}px`;
    element.style.left = `${Math.max(8, at.right - element.offsetWidth)}px`;
  };
  const close = () => list.current?.hidePopover();
  const move = (step: number) => {
    const entries = [...(list.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
    const at = entries.indexOf(document.activeElement as HTMLElement);
    entries[(at + step + entries.length) % entries.length]?.focus();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className={`button ${icon ? 'button-icon' : ''}`}
        popoverTarget={id}
        aria-haspopup="menu"
        aria-label={icon ? label : undefined}
      >
        {icon ? <Icon name={icon} /> : label}
        {!icon && <Icon name="down" />}
      </button>
      <div
        ref={list}
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        className="popover menu-list"
        onToggle={({ newState }) => {
          if (newState !== 'open') return;
          place();
          move(1);
        }}
        onKeyDown={({ key }) => {
          if (key === 'ArrowDown') move(1);
          if (key === 'ArrowUp') move(-1);
        }}
      >
        {items.map((item, index) => (
          <MenuEntry
            // Entries have no id, and their order is theirs.
            // oxlint-disable-next-line react/no-array-index-key
            key={index}
            item={item}
            close={close}
          />
        ))}
      </div>
    </>
  );
}

function MenuEntry({ item, close }: { item: MenuItem; close: () => void }) {
  const className = `menu-entry ${item.isDanger ? 'is-bad' : ''}`;
  if (item.href !== undefined && item.refusal === undefined)
    return (
      <Link role="menuitem" href={item.href} className={className} onClick={close}>
        {item.name}
      </Link>
    );
  return (
    <button
      type="button"
      role="menuitem"
      className={className}
      disabled={item.refusal !== undefined}
      title={item.refusal}
      onClick={() => {
        close();
        item.run?.();
      }}
    >
      {item.name}
    </button>
  );
}
