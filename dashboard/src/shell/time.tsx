import { useSettings } from '#dashboard/settings/settings.ts';

import { serverNow, useTimedText } from './clock.ts';
import { ageWords, timeWords } from './format.ts';

/** How long ago something was; moves by itself. */
export function Age({ since }: { since: string }) {
  const at = Date.parse(since);
  const { clock } = useSettings();
  const text = useTimedText((now) => ageWords(now - at));
  return (
    <time dateTime={since} title={timeWords(since, 0, clock)}>
      {text}
    </time>
  );
}

/** When something was. */
export function When({ at }: { at: string }) {
  const { clock } = useSettings();
  return (
    <time dateTime={at} title={at}>
      {timeWords(at, serverNow(), clock)}
    </time>
  );
}
