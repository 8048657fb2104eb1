import './snippet.css';

import { CopyButton } from '#dashboard/shell/copy-button.tsx';

interface Props {
  /** Of the button. */
  label: string;
  text: string;
  /** Where it goes, e.g. the name of a file. */
  place?: string;
}

/** Text to paste elsewhere, exactly as it stands. */
export function Snippet({ label, text, place }: Props) {
  return (
    <div className="snippet">
      <div className="snippet-head">
        {place !== undefined && <span className="muted">{place}</span>}
        <CopyButton text={text} label={label} />
      </div>
      <pre dir="ltr" tabIndex={0} aria-label={place ?? 'To copy'}>
        <code>{text}</code>
      </pre>
    </div>
  );
}
