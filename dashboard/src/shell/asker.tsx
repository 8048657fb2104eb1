import { useSyncExternalStore } from 'react';

import { useApp } from './app-context.ts';
import { Confirm } from './part/dialog.tsx';

/** Shows the question that is asked now. */
export function Asker() {
  const { asks } = useApp();
  const ask = useSyncExternalStore(asks.subscribe, asks.current);
  if (!ask) return null;
  const { title, text, verb, isDanger = false, onConfirm } = ask;
  return (
    <Confirm
      title={title}
      verb={verb}
      isDanger={isDanger}
      onConfirm={onConfirm}
      onClose={() => asks.close()}
    >
      <p>{text}</p>
    </Confirm>
  );
}
