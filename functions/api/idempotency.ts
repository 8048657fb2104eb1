import { createHash } from 'node:crypto';

import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { IdempotencyStore } from '#shared/ports/idempotency-store.ts';

const KEPT_MS = 24 * 3_600_000;
/** Longer than the function can run. */
const CLAIM_MS = 60_000;
const FORM = /^[\x21-\x7e]{1,128}$/;
/** Larger answers are not kept: the request is done, a repetition answers `conflict`. */
const RESPONSE_BYTES_MAX = 256 * 1024;

export interface Answer {
  status: number;
  /** JSON text, unless the media type says otherwise. */
  body: string;
  media_type?: string;
  /** For the ETag. */
  version?: number;
}

/**
 * Runs a write once per `Idempotency-Key`, caller and 24 hours; a repetition gets the first answer.
 * A refusal is not kept: nothing happened, so the same key may try again. Throws `conflict` for the
 * key of another request, and while the first is still running.
 */
export async function answerOnce(
  key: string,
  request: { operation: string; input: unknown; body: Uint8Array },
  context: Context,
  store: IdempotencyStore,
  run: () => Promise<Answer>,
): Promise<Answer> {
  if (!FORM.test(key))
    throw new SentryError('invalid_input', 'Idempotency-Key must be 1 to 128 visible characters.');
  const name = sha256(JSON.stringify([context.actor, key]));
  const fingerprint = sha256(JSON.stringify([request.operation, request.input]), request.body);
  const claim = { fingerprint, now: context.now(), claimUntil: context.now() + CLAIM_MS };
  const remembered = await store.claim(context.tenant, name, claim);
  if (remembered.kind !== 'claimed') {
    if (remembered.fingerprint !== fingerprint)
      throw new SentryError('conflict', 'This Idempotency-Key belongs to another request.');
    if (remembered.kind === 'running')
      throw new SentryError('conflict', 'The first request with this key is still running.');
    return JSON.parse(remembered.response_json) as Answer;
  }
  let answer: Answer;
  try {
    answer = await run();
  } catch (error) {
    await store.forget(context.tenant, name);
    throw error;
  }
  const response_json = JSON.stringify(answer);
  if (response_json.length <= RESPONSE_BYTES_MAX)
    await store.finish(context.tenant, name, {
      fingerprint,
      response_json,
      expiresAt: context.now() + KEPT_MS,
    });
  return answer;
}

function sha256(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
