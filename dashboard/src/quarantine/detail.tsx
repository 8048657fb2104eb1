import { useState } from 'react';
import { Link } from 'wouter';

import { reasonOf } from '#dashboard/api/problem.ts';
import { useResource } from '#dashboard/api/use-resource.ts';
import { useApp, useScope } from '#dashboard/shell/app-context.ts';
import { byteWords, prettyJson } from '#dashboard/shell/format.ts';
import { Failed, Loading } from '#dashboard/shell/notice.tsx';
import { When } from '#dashboard/shell/time.tsx';

import { asText, decodeBase64, hexDump } from './bytes.ts';

const BYTES_SHOWN = 4096;

/** One quarantined input: its bytes in hex and, where they are, as text; and replay. */
export function QuarantineDetail(props: { quarantineId: string; onReplayed: () => void }) {
  const { quarantineId, onReplayed } = props;
  const { call, toasts } = useApp();
  const { isAllowed, title } = useScope('sentry.ingest');
  const [isBusy, setIsBusy] = useState(false);
  const item = useResource(`quarantine ${quarantineId}`, () =>
    call('quarantine.get', { quarantine_id: quarantineId }),
  );
  const replay = async () => {
    setIsBusy(true);
    try {
      await call('quarantine.replay', { quarantine_id: quarantineId });
      toasts.say('done', 'The record is on the stream again.');
      item.reload();
      onReplayed();
    } catch (error) {
      toasts.say('failed', `Not replayed: ${reasonOf(error)}`);
    } finally {
      setIsBusy(false);
    }
  };
  if (!item.value && item.error)
    return <Failed what="The record" message={item.error.message} retry={item.reload} />;
  if (!item.value) return <Loading what="the record" />;
  const { reason, detail, size_bytes, raw_base64, first_seen, last_seen } = item.value;
  return (
    <section className="panel quarantine-detail" aria-labelledby="quarantine-title">
      <div className="panel-head">
        <h2 id="quarantine-title">
          <code>{reason}</code>
        </h2>
        <div className="screen-actions">
          <button
            type="button"
            className="button button-primary"
            disabled={!isAllowed || isBusy}
            title={title}
            onClick={() => void replay()}
          >
            Replay
          </button>
          <Link href="/quarantine" className="button">
            Close
          </Link>
        </div>
      </div>
      <p>
        <bdi>{detail}</bdi>
      </p>
      <p className="muted">
        {byteWords(size_bytes)}, first seen <When at={first_seen} />, last seen{' '}
        <When at={last_seen} />
        {item.value.replayed_by && (
          <>
            , replayed by <bdi>{item.value.replayed_by}</bdi>
          </>
        )}
      </p>
      {raw_base64 === undefined ? (
        <p className="muted">Its bytes are too many to be shown here.</p>
      ) : (
        <RawBytes bytes={decodeBase64(raw_base64)} />
      )}
    </section>
  );
}

function RawBytes({ bytes }: { bytes: Uint8Array }) {
  const text = asText(bytes);
  const [isHex, setIsHex] = useState(text === undefined);
  const shown = isHex
    ? hexDump(bytes, BYTES_SHOWN)
    : prettyJson((text ?? '').slice(0, BYTES_SHOWN));
  return (
    <>
      <div className="chips" role="group" aria-label="View">
        <button
          type="button"
          className="chip"
          aria-pressed={!isHex}
          disabled={text === undefined}
          title={text === undefined ? 'These bytes are not UTF-8 text' : undefined}
          onClick={() => setIsHex(false)}
        >
          Text
        </button>
        <button type="button" className="chip" aria-pressed={isHex} onClick={() => setIsHex(true)}>
          Bytes
        </button>
      </div>
      <pre dir="ltr" tabIndex={0} aria-label="Raw content">
        <bdi>{shown}</bdi>
      </pre>
      {bytes.length > BYTES_SHOWN && (
        <p className="muted">The first {byteWords(BYTES_SHOWN)} are shown.</p>
      )}
    </>
  );
}
