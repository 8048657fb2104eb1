import { useRef } from 'react';
import { Link, useLocation } from 'wouter';

import { useAlertCounts } from '#dashboard/alert/use-alert.ts';

import { useApp } from './app-context.ts';
import { Icon } from './icon.tsx';
import { type Group, GROUPS, placeOf, type ScreenEntry } from './screen.ts';

interface Props {
  screens: readonly ScreenEntry[];
  onGo?: () => void;
}

/** Every place one may go to, in groups. */
export function Places({ screens, onGo }: Props) {
  const [path] = useLocation();
  const { me } = useApp();
  const here = placeOf(path, screens);
  const inGroup = (group: Group) =>
    screens.filter(
      (screen) => screen.group === group && (!screen.scope || me.scopes.includes(screen.scope)),
    );
  return (
    <ul className="places">
      {GROUPS.map((group) => [group, inGroup(group)] as const)
        .filter(([, places]) => places.length > 0)
        .map(([group, places]) => (
          <li key={group}>
            <p className="places-group" id={`places-${group}`}>
              {group}
            </p>
            <ul aria-labelledby={`places-${group}`}>
              {places.map((place) => (
                <li key={place.path}>
                  <Link
                    href={place.path}
                    aria-current={place === here ? 'page' : undefined}
                    onClick={onGo}
                  >
                    {place.name}
                    {place.path === '/alerts' && <OpenCount />}
                  </Link>
                </li>
              ))}
            </ul>
          </li>
        ))}
    </ul>
  );
}

function OpenCount() {
  const { open } = useAlertCounts();
  if (open === 0) return null;
  return (
    <span className="places-count">
      {open}
      <span className="hidden"> open</span>
    </span>
  );
}

/** The places behind a button, where the page is too narrow to show them beside the screen. */
export function PlacesDrawer({ screens }: Pick<Props, 'screens'>) {
  const drawer = useRef<HTMLDialogElement>(null);
  const close = () => drawer.current?.close();
  return (
    <>
      <button
        type="button"
        className="button button-icon menu-button"
        aria-haspopup="dialog"
        aria-label="Menu"
        onClick={() => drawer.current?.showModal()}
      >
        <Icon name="menu" />
      </button>
      <dialog
        ref={drawer}
        className="drawer"
        aria-label="Menu"
        // A click beside the drawer is one on its backdrop, which is the dialog itself.
        onClick={({ target }) => target === drawer.current && close()}
      >
        <nav className="drawer-body" aria-label="Places">
          <button
            type="button"
            className="button button-icon"
            aria-label="Close the menu"
            onClick={close}
          >
            <Icon name="close" />
          </button>
          <Places screens={screens} onGo={close} />
        </nav>
      </dialog>
    </>
  );
}
