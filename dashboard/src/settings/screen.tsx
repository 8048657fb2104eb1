import { useState } from 'react';

import { SEVERITIES, type Severity } from '#shared/kernel/severity.ts';

import { SeverityBadge, severityWord, StateBadge } from '#dashboard/shell/badge.tsx';
import { Panel } from '#dashboard/shell/part/panel.tsx';
import { playSound } from '#dashboard/shell/sound.ts';
import { When } from '#dashboard/shell/time.tsx';

import { Choices } from './choices.tsx';
import { changeSettings, CLOCKS, DENSITIES, THEMES, useSettings } from './settings.ts';
import './settings.css';

const THEME_WORDS = { dark: 'Dark', light: 'Light', contrast: 'High contrast' } as const;
const DENSITY_WORDS = { comfortable: 'Comfortable', compact: 'Compact' } as const;
const CLOCK_WORDS = { local: 'Local time', utc: 'UTC' } as const;
const KEY_WORDS = { on: 'On', off: 'Off' } as const;
const GRAVEST_FIRST = SEVERITIES.toReversed();

/** `/settings`: how this browser shows and tells things; each choice shows at once. */
export function SettingsScreen() {
  const { theme, density, clock, keys } = useSettings();
  return (
    <main id="main" className="screen settings">
      <div className="screen-head">
        <h1>Settings</h1>
      </div>
      <p className="lead">Kept in this browser only. Every change holds at once.</p>
      <div className="settings-grid">
        <Panel title="Look">
          <Choices
            legend="Theme"
            words={THEME_WORDS}
            all={THEMES}
            value={theme}
            onChange={(next) => changeSettings({ theme: next })}
          />
          <Choices
            legend="Density of lists"
            words={DENSITY_WORDS}
            all={DENSITIES}
            value={density}
            onChange={(next) => changeSettings({ density: next })}
          />
          <Choices
            legend="Times"
            words={CLOCK_WORDS}
            all={CLOCKS}
            value={clock}
            onChange={(next) => changeSettings({ clock: next })}
          />
        </Panel>
        <Panel title="Preview">
          <Preview />
        </Panel>
        <Panel title="New alerts">
          <Notices />
        </Panel>
        <Panel title="Keys">
          <Choices
            legend="Shortcuts of one letter"
            words={KEY_WORDS}
            all={['on', 'off'] as const}
            value={keys}
            onChange={(next) => changeSettings({ keys: next })}
          />
          <p className="form-hint">
            Off helps whoever speaks to the computer. Ctrl-K (Cmd-K) works either way; <kbd>?</kbd>{' '}
            lists all while they are on.
          </p>
        </Panel>
      </div>
    </main>
  );
}

/** Two lines of a list as they look now. */
function Preview() {
  const [now] = useState(() => new Date().toISOString());
  return (
    <ul className="preview" aria-label="How a list looks">
      {GRAVEST_FIRST.map((severity, index) => (
        <li key={severity} className="preview-row">
          <SeverityBadge severity={severity} />
          <span className="preview-title">
            {index % 2 === 0 ? 'Disk /data of db-1 is full' : 'Checkout answers slowly'}
          </span>
          <StateBadge state={index % 2 === 0 ? 'OPEN' : 'ACK'} />
          <When at={now} />
        </li>
      ))}
    </ul>
  );
}

type Permission = NotificationPermission | 'unsupported';

function readPermission(): Permission {
  return 'Notification' in window ? Notification.permission : 'unsupported';
}

const PERMISSION_WORDS: Readonly<Record<Permission, string>> = {
  granted: 'This browser may show notifications.',
  default: 'The browser asks for permission when the first one is switched on.',
  denied: 'This browser forbids notifications of this site: allow them in its settings.',
  unsupported: 'This browser has no notifications.',
};

/** Per severity, what makes a sound and what shows a notification of the desktop. */
function Notices() {
  const { sound, notify } = useSettings();
  const [permission, setPermission] = useState(readPermission);
  const change = (name: 'sound' | 'notify', severity: Severity, isOn: boolean) => {
    const held = name === 'sound' ? sound : notify;
    changeSettings({
      [name]: SEVERITIES.filter((one) => (one === severity ? isOn : held.includes(one))),
    });
    if (!isOn) return;
    if (name === 'sound') playSound(severity);
    else if (permission === 'default')
      void Notification.requestPermission().then(setPermission, () => {});
  };
  const cannotNotify = permission === 'denied' || permission === 'unsupported';
  return (
    <>
      <table className="table notices">
        <caption className="hidden">What tells of new alerts</caption>
        <thead>
          <tr>
            <th scope="col">Severity</th>
            <th scope="col">Sound</th>
            <th scope="col">Desktop</th>
            <th scope="col">
              <span className="hidden">Try it</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {GRAVEST_FIRST.map((severity) => (
            <tr key={severity}>
              <th scope="row">
                <SeverityBadge severity={severity} />
              </th>
              <td>
                <input
                  type="checkbox"
                  aria-label={`Sound for ${severityWord(severity)}`}
                  checked={sound.includes(severity)}
                  onChange={({ target }) => change('sound', severity, target.checked)}
                />
              </td>
              <td>
                <input
                  type="checkbox"
                  aria-label={`Desktop notification for ${severityWord(severity)}`}
                  checked={notify.includes(severity)}
                  disabled={cannotNotify}
                  onChange={({ target }) => change('notify', severity, target.checked)}
                />
              </td>
              <td>
                <button
                  type="button"
                  className="button button-small"
                  onClick={() => playSound(severity)}
                >
                  Play<span className="hidden"> the sound of {severityWord(severity)}</span>
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="form-hint">{PERMISSION_WORDS[permission]}</p>
    </>
  );
}
