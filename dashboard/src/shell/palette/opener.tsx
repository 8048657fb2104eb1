import { lazy, Suspense, useState } from 'react';

import { Icon } from '#dashboard/shell/icon.tsx';
import { Keys } from '#dashboard/shell/key/help.tsx';
import { useKeys } from '#dashboard/shell/key/use-keys.ts';
import type { ScreenEntry } from '#dashboard/shell/screen.ts';

const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }));

/** The button that opens the palette; Ctrl-K (Cmd-K) does the same anywhere. */
export function PaletteOpener({ screens }: { screens: readonly ScreenEntry[] }) {
  const [isOpen, setIsOpen] = useState(false);
  const open = () => setIsOpen(true);
  useKeys([{ keys: 'Mod+k', what: 'Go to or do', group: 'Everywhere', run: open }]);
  return (
    <>
      <button
        type="button"
        className="button palette-button"
        aria-label="Go to or do"
        onClick={open}
      >
        <Icon name="search" />
        <span className="palette-hint">
          Go to or do <Keys keys="Mod+k" />
        </span>
      </button>
      {isOpen && (
        <Suspense>
          <Palette screens={screens} onClose={() => setIsOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
