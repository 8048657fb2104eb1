import type { RefObject } from 'react';

const KEYS: readonly (readonly [keys: readonly string[], what: string])[] = [
  [['j'], 'Next alert'],
  [['k'], 'Previous alert'],
  [['Enter'], 'Open the alert'],
  [['x'], 'Select it'],
  [['a'], 'Acknowledge it'],
  [['r'], 'Resolve it'],
  [['n'], 'Show new alerts that wait'],
  [['/'], 'Search'],
  [['?'], 'This overview'],
];

/** The keys of the alert list. */
export function HelpDialog({ dialogRef }: { dialogRef: RefObject<HTMLDialogElement | null> }) {
  return (
    <dialog ref={dialogRef} className="dialog" aria-labelledby="help-title">
      <h2 id="help-title">Keys</h2>
      <dl className="keys">
        {KEYS.map(([keys, what]) => (
          <div key={what}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <div className="dialog-actions">
        <button
          type="button"
          className="button button-primary"
          onClick={() => dialogRef.current?.close()}
        >
          Close
        </button>
      </div>
    </dialog>
  );
}
