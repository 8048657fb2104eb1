import { useEffect, useRef } from 'react';

import { readSettings } from '#dashboard/settings/settings.ts';

import { type Binding, Keyboard } from './keyboard.ts';

/** The page has one keyboard. */
const keyboard = new Keyboard();

/** Every shortcut that works on this screen now. */
export const listKeys = (): readonly Binding[] => keyboard.list();

/** Shortcuts while mounted; a later one takes the key of an earlier one. */
export function useKeys(bindings: readonly Binding[]): void {
  const latest = useRef(bindings);
  latest.current = bindings;
  const named = bindings.map(({ keys, what }) => `${keys} ${what}`).join('\n');
  useEffect(
    () =>
      keyboard.add(
        latest.current.map((binding, index) => ({
          ...binding,
          run: () => latest.current[index]?.run(),
        })),
      ),
    [named],
  );
}

/** Listens for keys; once, around all screens. */
export function useKeyboard(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isMod = event.ctrlKey || event.metaKey;
      if (event.defaultPrevented || event.isComposing) return;
      if (document.querySelector('dialog[open]')) return;
      if (!isMod && isTyping(event.target)) return;
      const isSingle = readSettings().keys === 'on';
      const stroke = { key: event.key, isMod, isAlt: event.altKey };
      const binding = keyboard.find(stroke, isSingle, event.timeStamp);
      if (!binding) return;
      event.preventDefault();
      binding.run();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement)
    return !['checkbox', 'radio', 'button'].includes(target.type);
  // An editor in a shadow root is its host from here.
  return target.matches('textarea, select, [data-editor]') || target.isContentEditable;
}
