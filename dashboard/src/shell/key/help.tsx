import { useState } from 'react';
import { Link } from 'wouter';

import { useSettings } from '#dashboard/settings/settings.ts';
import { Icon } from '#dashboard/shell/icon.tsx';
import { Dialog } from '#dashboard/shell/part/dialog.tsx';

import type { Binding } from './keyboard.ts';
import { listKeys, useKeys } from './use-keys.ts';

/** The overview of every shortcut that works on this screen, behind a button and `?`. */
export function KeyHelp() {
  const [shown, setShown] = useState<readonly Binding[]>();
  useKeys([
    {
      keys: '?',
      what: 'This overview',
      group: 'Everywhere',
      run: () => setShown(listKeys()),
    },
  ]);
  return (
    <>
      <button
        type="button"
        className="button button-icon only-wide"
        aria-label="Help: keys"
        title="Keys (?)"
        onClick={() => setShown(listKeys())}
      >
        <Icon name="help" />
      </button>
      {shown && <KeyDialog shown={shown} close={() => setShown(undefined)} />}
    </>
  );
}

function KeyDialog({ shown, close }: { shown: readonly Binding[]; close: () => void }) {
  const { keys } = useSettings();
  const groups = [...new Set(shown.map(({ group }) => group))].sort();
  return (
    <Dialog title="Keys" onClose={close} isWide>
      {keys === 'off' && (
        <p className="form-error">
          Shortcuts of one letter are switched off.{' '}
          <Link href="/settings" onClick={close}>
            Settings
          </Link>
        </p>
      )}
      <div className="key-groups">
        {groups.map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl className="keys">
              {shown
                .filter((binding) => binding.group === group)
                .map((binding) => (
                  <div key={binding.keys}>
                    <dt>
                      <Keys keys={binding.keys} />
                    </dt>
                    <dd>{binding.what}</dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

/** A shortcut as it stands on the keys: `g` then `a`, Ctrl+K. */
export function Keys({ keys }: { keys: string }) {
  const isMac = navigator.platform.startsWith('Mac');
  return keys.split(' ').map((key) => <kbd key={key}>{capOf(key, isMac)}</kbd>);
}

function capOf(key: string, isMac: boolean): string {
  if (!key.startsWith('Mod+')) return key;
  return `${isMac ? '⌘' : 'Ctrl'} ${key.slice('Mod+'.length).toUpperCase()}`;
}
