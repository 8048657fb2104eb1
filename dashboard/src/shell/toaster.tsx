import { useSyncExternalStore } from 'react';

import { useApp } from './app-context.ts';
import { Icon } from './icon.tsx';

/** The short messages; failures interrupt a screen reader, successes wait their turn. */
export function Toaster() {
  const { toasts } = useApp();
  const list = useSyncExternalStore(toasts.subscribe, toasts.list);
  return (
    <div className="toasts" role="region" aria-label="Messages">
      {(['done', 'failed'] as const).map((kind) => (
        <div key={kind} role={kind === 'failed' ? 'alert' : 'status'}>
          {list
            .filter((toast) => toast.kind === kind)
            .map((toast) => (
              <div key={toast.id} className={`toast toast-${kind}`}>
                <span>{toast.text}</span>
                <button
                  type="button"
                  className="button button-icon"
                  aria-label="Dismiss"
                  onClick={() => toasts.dismiss(toast.id)}
                >
                  <Icon name="close" />
                </button>
              </div>
            ))}
        </div>
      ))}
    </div>
  );
}
