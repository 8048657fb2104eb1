import type { ReactNode } from 'react';

import { Panel } from '#dashboard/shell/part/panel.tsx';

import { useOverviewView } from './view.ts';

interface Props {
  /** Its word in the address: `?focus=feed`. */
  name: 'feed' | 'health' | 'summary' | 'timeline' | 'rules' | 'hooks';
  title: string;
  /** What one sees here and how to read it. */
  help: ReactNode;
  /** Figures beside the title. */
  note?: ReactNode;
  /** Controls; a wall does not show them. */
  tools?: ReactNode;
  children: ReactNode;
}

/** One of the six panels. */
export function OverviewPanel({ name, title, help, note, tools, children }: Props) {
  const { isKiosk } = useOverviewView();
  return (
    <Panel
      title={title}
      word={name}
      help={help}
      className={`tile tile-${name}`}
      actions={
        <>
          {note !== undefined && <div className="tile-note">{note}</div>}
          {!isKiosk && tools}
        </>
      }
    >
      {children}
    </Panel>
  );
}
