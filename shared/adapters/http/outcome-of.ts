import type { SendOutcome } from '#shared/ports/channel-sender.ts';

import type { PostResult } from './post-json.ts';
import { readRetryAfter } from './retry-after.ts';

/** The outcome of a POST that got no usable answer; undefined when it got one. */
export function outcomeOfFailure(result: PostResult): SendOutcome | undefined {
  if (result.kind === 'refused') return { kind: 'permanent', error: result.error };
  if (result.kind === 'failed')
    return { kind: 'retryable', error: result.error, may_have_arrived: result.sent };
  return undefined;
}

/** `retry_after_ms` of an answer, as a part of an outcome. */
export function retryAfterOf(
  answer: Extract<PostResult, { kind: 'answered' }>,
  now: number,
): { retry_after_ms?: number } {
  const { 'retry-after': retryAfter, date } = answer.headers;
  const wait = readRetryAfter(retryAfter, date, now);
  return wait === undefined ? {} : { retry_after_ms: wait };
}

/**
 * What a status outside 2xx means (reliability.md §5): 408, 429 and 5xx pass by themselves, anything
 * else will be the same next time. Only a 5xx leaves open whether the receiver took the message.
 */
export function outcomeOfStatus(
  answer: Extract<PostResult, { kind: 'answered' }>,
  now: number,
): SendOutcome {
  const { status } = answer;
  const error = `HTTP ${status}`;
  if (status === 408 || status === 429 || status >= 500)
    return {
      kind: 'retryable',
      error,
      may_have_arrived: status >= 500,
      ...retryAfterOf(answer, now),
    };
  return { kind: 'permanent', error };
}
