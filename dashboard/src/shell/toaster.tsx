import { useSyncExternalStore } from 'react';

import { useApp } from './app-context.ts';
import { Icon } from './icon.tsx';
import { useKeys } from './key/use-keys.ts';
import type { Toast } from './toast.ts';

/** The short messages; failures interrupt a screen reader, successes wait their turn. */
export function Toaster() {
  const { toasts } = useApp();
  const list = useSyncExternalStore(toasts.subscribe, toasts.list);
  const undo = (toast: Toast | undefined) => {
    if (!toast?.undo) return;
    toasts.dismiss(toast.id);
    toast.undo();
  };
  useKeys([
    {
      keys: 'z',
      what: 'Undo the last acknowledgement, while its message is shown',
      group: 'Alerts',
      run: () => undo(list.findLast((toast) => toast.undo)),
    },
  ]);
  return (
    <div className="toasts" role="region" aria-label="Messages">
      {(['done', 'failed'] as const).map((kind) => (
        <div key={kind} role={kind === 'failed' ? 'alert' : 'status'}>
          {list
            .filter((toast) => toast.kind === kind)
            .map((toast) => (
              <div
                key={toast.id}
                className={`toast toast-${kind}`}
                onPointerEnter={() => toasts.pause(toast.id)}
                onPointerLeave={() => toasts.resume(toast.id)}
                onFocus={() => toasts.pause(toast.id)}
                onBlur={() => toasts.resume(toast.id)}
              >
                <span className="toast-text">
                  <bdi>{toast.text}</bdi>
                </span>
                {toast.undo && (
                  <button type="button" className="button button-small" onClick={() => undo(toast)}>
                    Undo{' '}
                    <kbd className="only-wide" aria-hidden="true">
                      z
                    </kbd>
                  </button>
                )}
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
