import type { ReactNode } from 'react';
import { Link } from 'wouter';

import { CopyButton } from '#dashboard/shell/copy-button.tsx';
import { Icon } from '#dashboard/shell/icon.tsx';

interface Props {
  /** The list it is of. */
  back: { href: string; name: string };
  title: string;
  badges?: ReactNode;
  actions?: ReactNode;
  side?: ReactNode;
  children: ReactNode;
}

/** The layout of one thing: the way back, what it is, what can be done, then wide and narrow panels. */
export function Detail({ back, title, badges, actions, side, children }: Props) {
  return (
    <DetailFrame back={back}>
      <div className="detail-head">
        {badges !== undefined && <div className="detail-badges">{badges}</div>}
        <h1>
          <bdi>{title}</bdi>
        </h1>
        {actions}
      </div>
      <div className={`detail ${side === undefined ? 'detail-wide' : ''}`}>
        <div className="detail-main">{children}</div>
        {side !== undefined && <div className="detail-side">{side}</div>}
      </div>
    </DetailFrame>
  );
}

/** The same around what is not there (yet): loading, failed, unknown. */
export function DetailFrame({ back, children }: Pick<Props, 'back' | 'children'>) {
  return (
    <main id="main" className="screen">
      <div className="crumbs">
        <Link href={back.href} className="back">
          <Icon name="back" /> {back.name}
        </Link>
        <CopyButton text={window.location.href} label="Copy link" />
      </div>
      {children}
    </main>
  );
}
