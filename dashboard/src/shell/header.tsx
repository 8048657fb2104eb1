import { Link } from 'wouter';

import { useAlertCounts } from '#dashboard/alert/use-alert.ts';
import { changeSettings, useSettings } from '#dashboard/settings/settings.ts';
import { statusDetail, statusWords } from '#dashboard/live/status.ts';

import { useLiveStatus } from './app-context.ts';
import { useTimedText } from './clock.ts';
import { Icon } from './icon.tsx';
import { KeyHelp } from './key/help.tsx';
import { PlacesDrawer } from './navigation.tsx';
import { PaletteOpener } from './palette/opener.tsx';
import type { ScreenEntry } from './screen.ts';
import { UserMenu } from './user-menu.tsx';

/** Name, connection, counts, theme and user: the same on every screen. */
export function Header({ screens }: { screens: readonly ScreenEntry[] }) {
  return (
    <header className="header">
      <PlacesDrawer screens={screens} />
      <Link href="/" className="brand">
        <Icon name="shield" />
        <span>
          <span className="brand-house">Hearthlink</span> <strong>Sentry</strong>
        </span>
      </Link>
      <div className="header-end">
        <PaletteOpener screens={screens} />
        <Counts />
        <Connection />
        <ThemeToggle />
        <KeyHelp />
        <UserMenu />
      </div>
    </header>
  );
}

function Counts() {
  const { open, acknowledged } = useAlertCounts();
  return (
    <span className="counts">
      <span className={open > 0 ? 'count-open' : ''}>
        <b>{open}</b> open
      </span>
      <span>
        <b>{acknowledged}</b> ack
      </span>
    </span>
  );
}

function Connection() {
  const status = useLiveStatus();
  const words = useTimedText(() => statusWords(status, Date.now()));
  const detail = useTimedText(() => statusDetail(status, Date.now()));
  return (
    <span
      className={`connection connection-${status.kind}`}
      title={detail}
      data-status={status.kind}
    >
      <span className="connection-dot" aria-hidden="true" />
      {words}
    </span>
  );
}

function ThemeToggle() {
  const { theme } = useSettings();
  const other = theme === 'dark' ? 'light' : 'dark';
  const words = `Switch to the ${other} theme`;
  return (
    <button
      type="button"
      className="button button-icon"
      aria-label={words}
      title={words}
      onClick={() => changeSettings({ theme: other })}
    >
      <Icon name={theme === 'dark' ? 'sun' : 'moon'} />
    </button>
  );
}

/** Says the connection's state to screen readers when it changes. */
export function ConnectionSpoken() {
  const status = useLiveStatus();
  return (
    <p className="hidden" role="status">
      {status.kind === 'live' ? '' : statusDetail(status, Date.now())}
    </p>
  );
}
