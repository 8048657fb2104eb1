import { serverNow, useTimedText } from './clock.ts';
import { ageWords, timeWords } from './format.ts';

/** How long ago something was; moves by itself. */
export function Age({ since }: { since: string }) {
  const at = Date.parse(since);
  const text = useTimedText((now) => ageWords(now - at));
  return (
    <time dateTime={since} title={new Date(at).toLocaleString()}>
      {text}
    </time>
  );
}

/** When something was. */
export function When({ at }: { at: string }) {
  return (
    <time dateTime={at} title={at}>
      {timeWords(at, serverNow())}
    </time>
  );
}
