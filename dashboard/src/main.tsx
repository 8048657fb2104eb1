import { createRoot } from 'react-dom/client';

import { loadConfig } from '#dashboard/config/config.ts';
import { Session } from '#dashboard/session/session.ts';
import { applySettings, followOtherTabs } from '#dashboard/settings/settings.ts';

import { BootFailed, Entrance } from './entrance.tsx';

/** Settings, addresses, sign-in, then the app. What goes wrong on the way is a page that says so. */
async function boot(): Promise<void> {
  applySettings();
  followOtherTabs();
  const root = createRoot(document.getElementById('root')!);
  try {
    const config = await loadConfig();
    const session = new Session(config);
    if (window.location.pathname === '/callback') {
      const outcome = await session.finish();
      if (outcome.kind === 'failed')
        return root.render(
          <BootFailed title="The sign-in did not work" message={outcome.message} />,
        );
      window.history.replaceState(null, '', outcome.to);
    } else await session.restore();
    root.render(<Entrance config={config} session={session} />);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    root.render(<BootFailed title="The dashboard cannot start" message={message} />);
  }
}

void boot();
