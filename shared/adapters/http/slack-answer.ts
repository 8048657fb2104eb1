import type { SendOutcome } from '#shared/ports/channel-sender.ts';

import { outcomeOfFailure, outcomeOfStatus, retryAfterOf } from './outcome-of.ts';
import type { PostResult } from './post-json.ts';

/** Slack's words for faults that pass by themselves; any other `error` is the same next time. */
const PASSING = new Set([
  'ratelimited',
  'rate_limited',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
]);

/** What Slack says in a body; `error` as it names it. */
interface SlackAnswer {
  ok: boolean;
  error: string;
  /** Where the message stands and which it is, of the Web API. */
  channel?: string;
  ts?: string;
}

/** A Web API answer; undefined when the body is no such thing. */
export function readSlackAnswer(body: string): SlackAnswer | undefined {
  try {
    const answer: unknown = JSON.parse(body);
    if (typeof answer !== 'object' || answer === null || !('ok' in answer)) return undefined;
    const { ok, error, channel, ts } = answer as Record<string, unknown>;
    return {
      ok: ok === true,
      error: (typeof error === 'string' ? error : 'no reason').slice(0, 80),
      ...(typeof channel === 'string' && { channel }),
      ...(typeof ts === 'string' && { ts }),
    };
  } catch {
    return undefined;
  }
}

/**
 * What an exchange with Slack came to. Slack says no inside a 200: the body counts, `ok` alone for
 * an incoming webhook, `{"ok": …}` for the Web API.
 */
export function judgeSlack(result: PostResult, now: number): SendOutcome {
  if (result.kind !== 'answered') return outcomeOfFailure(result)!;
  if (result.status < 200 || result.status > 299) return outcomeOfStatus(result, now);
  const text = result.body.trim();
  if (text === 'ok') return { kind: 'delivered', receipt: 'ok' };
  const answer = readSlackAnswer(text);
  if (answer?.ok === true) return { kind: 'delivered', receipt: 'ok' };
  if (answer === undefined)
    return { kind: 'retryable', error: 'an answer that is not Slack’s', may_have_arrived: true };
  if (!PASSING.has(answer.error)) return { kind: 'permanent', error: `Slack: ${answer.error}` };
  const may_have_arrived = !answer.error.startsWith('rate');
  const error = `Slack: ${answer.error}`;
  return { kind: 'retryable', error, may_have_arrived, ...retryAfterOf(result, now) };
}
