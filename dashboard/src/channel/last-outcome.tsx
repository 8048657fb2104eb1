import { Age } from '#dashboard/shell/time.tsx';

import { type Channel, lastWords } from './words.ts';

/** The receiver's last words, and how long ago they were. */
export function LastOutcome({ health }: Pick<Channel, 'health'>) {
  const last = lastWords(health);
  if (!last) return <span className="muted">—</span>;
  return (
    <span className={last.isGood ? '' : 'is-bad'}>
      {last.isGood ? 'Sent' : 'Failed'} <Age since={last.at} /> ago
      {last.words !== undefined && (
        <>
          : <bdi>{last.words}</bdi>
        </>
      )}
    </span>
  );
}
