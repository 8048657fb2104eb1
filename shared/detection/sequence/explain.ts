import type { Explanation } from '#shared/alert/schema.ts';
import { numberWords, spanWords } from '#shared/detection/words.ts';

import type { SequenceConfig } from './config.ts';

/** Times of one step that an explanation shows. */
const TIMES_SHOWN = 5;

/** What is awaited: `failed login ×5, then success`. */
function stepWords(config: SequenceConfig): string {
  return config.steps
    .map(({ name, times = 1, absent }) => {
      if (absent) return `no ${name}`;
      return times === 1 ? name : `${name} ×${times}`;
    })
    .join(', then ');
}

/** When it fires: `order placed, then no payment within 1 h`. */
export function describeSequence(config: SequenceConfig): string {
  return `${stepWords(config)} within ${spanWords(config.within_seconds)}`;
}

/** `times` are those of one sequence in order, ms since the epoch; `dropped` events were let go before. */
export function explainSequence(
  config: SequenceConfig,
  times: readonly number[],
  dropped: number,
): Explanation {
  const window = spanWords(config.within_seconds);
  const took = elapsedWords(times.at(-1)! - times[0]!);
  const absent = config.steps.at(-1)!.absent ? config.steps.at(-1)! : undefined;
  const whole = stepWords(config);
  const present = stepWords({
    ...config,
    steps: absent === undefined ? config.steps : config.steps.slice(0, -1),
  });
  const until = new Date(times.at(-1)! + config.within_seconds * 1000).toISOString();
  return {
    detector: 'sequence',
    summary: absent ? `${whole} within ${window}` : `${whole} in ${took}, window ${window}`,
    expected: absent
      ? `after ${present}, ${absent.name} within ${window}`
      : `not ${whole} within ${window}`,
    observed: absent ? `no ${absent.name} until ${until}` : `${whole} in ${took}`,
    window_seconds: config.within_seconds,
    values: {
      ...stepTimes(config, times),
      took,
      ...(absent && { [`step ${config.steps.length}, ${absent.name}`]: `none until ${until}` }),
      ...(dropped > 0 && { dropped_events: String(dropped) }),
    },
  };
}

function stepTimes(config: SequenceConfig, times: readonly number[]): Record<string, string> {
  const values: Record<string, string> = {};
  let from = 0;
  for (const [index, { name, times: count = 1, absent }] of config.steps.entries()) {
    if (absent) continue;
    const own = times.slice(from, from + count).map((time) => new Date(time).toISOString());
    from += count;
    const more = own.length > TIMES_SHOWN ? ` and ${own.length - TIMES_SHOWN} more` : '';
    values[`step ${index + 1}, ${name}`] = own.slice(0, TIMES_SHOWN).join(', ') + more;
  }
  return values;
}

function elapsedWords(ms: number): string {
  if (ms < 1000) return `${ms} ms`;
  if (ms < 120_000) return `${numberWords(ms / 1000)} s`;
  return ms < 7_200_000 ? `${numberWords(ms / 60_000)} min` : `${numberWords(ms / 3_600_000)} h`;
}
