import { useRef, useSyncExternalStore } from 'react';
import { Link } from 'wouter';

import { useApp } from './app-context.ts';
import { useTimedText } from './clock.ts';
import { ageWords } from './format.ts';
import { Icon } from './icon.tsx';

/** Who is signed in, what they may do, and the way out. */
export function UserMenu() {
  const menu = useRef<HTMLDivElement>(null);
  const { me, name, session, config } = useApp();
  return (
    <>
      <button type="button" className="button button-user" popoverTarget="user-menu">
        <Icon name="user" />
        <span className="only-wide">{name}</span>
        <span className="hidden">User menu</span>
      </button>
      <div ref={menu} id="user-menu" popover="auto" className="menu">
        <p className="menu-name">
          <bdi>{name}</bdi>
        </p>
        <dl className="facts">
          <dt>Signed in as</dt>
          <dd>
            <bdi>{me.actor}</bdi>
          </dd>
          <dt>Role</dt>
          <dd>{me.roles.join(', ') || 'none'}</dd>
          <dt>Tenant</dt>
          <dd>{me.tenant}</dd>
          <dt>Scopes</dt>
          <dd className="scopes">
            {me.scopes.length === 0 && 'none'}
            {me.scopes.map((scope) => (
              <code key={scope}>{scope}</code>
            ))}
          </dd>
          <dt>Session</dt>
          <dd>
            <SessionWords />
          </dd>
          <dt>Build</dt>
          <dd>
            {config.build} · {config.environment}
          </dd>
        </dl>
        <Link href="/settings" className="button" onClick={() => menu.current?.hidePopover()}>
          Settings
        </Link>
        <button type="button" className="button" onClick={() => void session.signOut()}>
          Sign out
        </button>
      </div>
    </>
  );
}

/** How long this sign-in lasts before it renews itself. */
function SessionWords() {
  const { session } = useApp();
  const state = useSyncExternalStore(session.subscribe, session.state);
  const text = useTimedText((now) => {
    if (state.kind !== 'signed_in') return 'expired';
    if (state.expiresAt === undefined) return 'open';
    return `renews itself within ${ageWords(state.expiresAt - now)}`;
  });
  return text;
}
