import { useEffect, useState } from 'react';

import { reasonOf } from '#dashboard/api/problem.ts';
import { useApp, useScope } from '#dashboard/shell/app-context.ts';
import { Dialog } from '#dashboard/shell/part/dialog.tsx';

import { countDead, type DeadCount, redriveAll } from './redrive-all.ts';

interface Props {
  channelId: string;
  onDone: () => void;
}

/** Tries everything that a channel gave up again, after saying how much that is. */
export function RedriveChannel({ channelId, onDone }: Props) {
  const { title } = useScope('sentry.alert.write');
  const [isAsking, setIsAsking] = useState(false);
  return (
    <>
      <button
        type="button"
        className="button"
        disabled={title !== undefined}
        title={title}
        onClick={() => setIsAsking(true)}
      >
        Redrive all of <bdi>{channelId}</bdi>
      </button>
      {isAsking && (
        <RedriveDialog
          channelId={channelId}
          onClose={() => {
            setIsAsking(false);
            onDone();
          }}
        />
      )}
    </>
  );
}

function RedriveDialog({ channelId, onClose }: { channelId: string; onClose: () => void }) {
  const { call } = useApp();
  const [dead, setDead] = useState<DeadCount>();
  const [redriven, setRedriven] = useState<number>();
  const [state, setState] = useState<'asking' | 'busy' | 'done'>('asking');
  const [error, setError] = useState<string>();
  useEffect(() => {
    countDead(call, channelId).then(setDead, (thrown: unknown) => setError(reasonOf(thrown)));
  }, [call, channelId]);
  const run = async () => {
    if (!dead) return;
    setState('busy');
    setRedriven(0);
    try {
      await redriveAll(call, channelId, dead, setRedriven);
    } catch (thrown) {
      setError(reasonOf(thrown));
    } finally {
      setState('done');
    }
  };
  const number = dead && `${dead.count.toLocaleString('en')}${dead.isMore ? ' or more' : ''}`;
  const isOne = dead?.count === 1 && !dead.isMore;
  return (
    <Dialog
      title={`Redrive all of ${channelId}`}
      onClose={onClose}
      actions={
        state === 'done' ? undefined : (
          <>
            <button type="button" className="button" disabled={state === 'busy'} onClick={onClose}>
              Cancel
            </button>
            <button
              type="button"
              className="button button-primary"
              disabled={!dead || dead.count === 0 || state === 'busy'}
              aria-busy={state === 'busy'}
              onClick={() => void run()}
            >
              Redrive{dead ? ` ${number}` : ''}
            </button>
          </>
        )
      }
    >
      {!dead && error === undefined && <p role="status">Counting what it gave up …</p>}
      {dead && state === 'asking' && (
        <p>
          {number} {isOne ? 'delivery' : 'deliveries'} of <bdi>{channelId}</bdi>{' '}
          {isOne ? 'is' : 'are'} tried again, a hundred at a time. Each tells its receiver how its
          alert stands now; what is no longer wanted is not sent.
        </p>
      )}
      {dead && redriven !== undefined && (
        <>
          <progress
            className="redrive-progress"
            aria-label="Redriven"
            max={Math.max(1, dead.count)}
            value={state === 'done' && error === undefined ? Math.max(1, dead.count) : redriven}
          />
          <p role="status">
            {redriven.toLocaleString('en')} of {number} {state === 'done' ? 'tried again.' : '…'}
          </p>
        </>
      )}
      {error !== undefined && (
        <p className="form-error" role="alert">
          <bdi>{error}</bdi>
        </p>
      )}
    </Dialog>
  );
}
