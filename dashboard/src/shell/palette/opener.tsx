import { useState } from 'react';

import { Icon } from '#dashboard/shell/icon.tsx';
import { Keys } from '#dashboard/shell/key/help.tsx';
import { useKeys } from '#dashboard/shell/key/use-keys.ts';
import type { ScreenEntry } from '#dashboard/shell/screen.ts';

import { Palette } from './palette.tsx';

/**
 * The button that opens the palette; Ctrl-K (Cmd-K) does the same anywhere. It is not fetched on demand:
 * the letters typed meanwhile would be taken for shortcuts.
 */
export function PaletteOpener({ screens }: { screens: readonly ScreenEntry[] }) {
  const [isOpen, setIsOpen] = useState(false);
  const open = () => setIsOpen(true);
  useKeys([{ keys: 'Mod+k', what: 'Go to or do', group: 'Everywhere', run: open }]);
  return (
    <>
      <button type="button" className="button palette-button" onClick={open}>
        <Icon name="search" />
        <span className="palette-hint">Go to or do</span>
        <span className="palette-cap" aria-hidden="true">
          <Keys keys="Mod+k" />
        </span>
      </button>
      {isOpen && <Palette screens={screens} onClose={() => setIsOpen(false)} />}
    </>
  );
}
