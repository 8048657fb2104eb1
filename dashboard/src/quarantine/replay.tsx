import { useEffect, useState } from 'react';

import type { QuarantineItem } from '#shared/api/routes.ts';

import { reasonOf as errorWords } from '#dashboard/api/problem.ts';
import { useApp, useScope } from '#dashboard/shell/app-context.ts';

import { reasonOf } from './reason.ts';

/** After a replay the record is looked at this often, for as long as reading the stream may take. */
const LOOK_EVERY_MS = 1_000;
const LOOKS_MAX = 30;

interface Props {
  item: QuarantineItem;
  reload: () => void;
}

/** Puts a record on the stream again, and says whether it was refused again. */
export function Replay({ item, reload }: Props) {
  const { call } = useApp();
  const { title } = useScope('sentry.ingest');
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<string>();
  /** How often it had been refused when it was replayed here. */
  const [before, setBefore] = useState<number>();
  const [looks, setLooks] = useState(0);
  const isRefused = before !== undefined && item.count > before;
  const isLooking = before !== undefined && !isRefused && looks < LOOKS_MAX;
  useEffect(() => {
    if (!isLooking) return undefined;
    const timer = setTimeout(() => {
      setLooks(looks + 1);
      reload();
    }, LOOK_EVERY_MS);
    return () => clearTimeout(timer);
  }, [isLooking, looks, reload]);
  const replay = async () => {
    setIsBusy(true);
    setError(undefined);
    setBefore(undefined);
    try {
      await call('quarantine.replay', { quarantine_id: item.quarantine_id });
      setBefore(item.count);
      setLooks(0);
    } catch (thrown) {
      setError(`Not replayed: ${errorWords(thrown)}`);
    } finally {
      setIsBusy(false);
      reload();
    }
  };
  return (
    <div className="controls">
      <button
        type="button"
        className="button button-primary"
        disabled={title !== undefined || isBusy || isLooking}
        aria-busy={isBusy}
        title={title}
        onClick={() => void replay()}
      >
        Replay
      </button>
      <p role="status" className={isRefused ? 'is-bad' : 'muted'}>
        {isLooking && 'It is on the stream again; waiting whether it can be read now …'}
        {isRefused && `Refused again: ${reasonOf(item.reason).words}. It is held as before.`}
        {before !== undefined &&
          !isRefused &&
          !isLooking &&
          'It is on the stream again, and was not refused again so far.'}
      </p>
      {error !== undefined && (
        <p className="form-error" role="alert">
          <bdi>{error}</bdi>
        </p>
      )}
    </div>
  );
}
