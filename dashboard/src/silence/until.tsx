import { useSettings } from '#dashboard/settings/settings.ts';
import { serverNow, useTimedText } from '#dashboard/shell/clock.ts';
import { ageWords, timeWords } from '#dashboard/shell/format.ts';

/** An instant relative and absolute: `in 2 h 3 min · 14:00:00`, or how long ago it was. */
export function Until({ at }: { at: string }) {
  const { clock } = useSettings();
  const ms = Date.parse(at);
  const relative = useTimedText((now) =>
    ms >= now ? `in ${ageWords(ms - now)}` : `${ageWords(now - ms)} ago`,
  );
  return (
    <time dateTime={at} title={at}>
      {relative} <span className="muted">· {timeWords(at, serverNow(), clock)}</span>
    </time>
  );
}
