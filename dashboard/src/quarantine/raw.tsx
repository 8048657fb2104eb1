import { useState } from 'react';

import { CopyButton } from '#dashboard/shell/copy-button.tsx';
import { byteWords, prettyJson } from '#dashboard/shell/format.ts';
import { Panel } from '#dashboard/shell/part/panel.tsx';

import { asText, decodeBase64, escapedText, hexDump } from './bytes.ts';

const BYTES_SHOWN = 4096;
/** Indenting more than this would take longer than anybody looks. */
const PRETTY_MAX = 64 * 1024;

/** The bytes as they came: as text, where what is none stands as escapes, or in hex. */
export function RawPanel({ base64, sizeBytes }: { base64: string | undefined; sizeBytes: number }) {
  const [isHex, setIsHex] = useState(false);
  if (base64 === undefined)
    return (
      <Panel title="As it came">
        <p className="muted">
          {byteWords(sizeBytes)}: too many bytes to be shown here. They are kept whole.
        </p>
      </Panel>
    );
  const bytes = decodeBase64(base64);
  return (
    <Panel
      title="As it came"
      actions={
        <>
          <div className="chips" role="group" aria-label="View">
            <button
              type="button"
              className="chip"
              aria-pressed={!isHex}
              onClick={() => setIsHex(false)}
            >
              Text
            </button>
            <button
              type="button"
              className="chip"
              aria-pressed={isHex}
              onClick={() => setIsHex(true)}
            >
              Hex
            </button>
          </div>
          <CopyButton
            text={isHex ? hexDump(bytes, bytes.length) : (asText(bytes) ?? base64)}
            label={isHex || asText(bytes) !== undefined ? 'Copy' : 'Copy as Base64'}
          />
        </>
      }
    >
      <pre dir="ltr" tabIndex={0} aria-label="Raw content" className="quarantine-raw">
        <bdi>{isHex ? hexDump(bytes, BYTES_SHOWN) : textOf(bytes)}</bdi>
      </pre>
      <p className="muted">
        {byteWords(sizeBytes)}
        {bytes.length > BYTES_SHOWN && `, the first ${byteWords(BYTES_SHOWN)} are shown`}
        {!isHex && asText(bytes) === undefined && '; what is no text stands as \\x'}
      </p>
    </Panel>
  );
}

function textOf(bytes: Uint8Array): string {
  const whole = bytes.length <= PRETTY_MAX ? asText(bytes) : undefined;
  if (whole !== undefined && isJson(whole)) return prettyJson(whole).slice(0, BYTES_SHOWN);
  return prettyJson(escapedText(bytes, BYTES_SHOWN));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
