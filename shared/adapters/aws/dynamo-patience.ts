import { SentryError } from '#shared/kernel/error.ts';

import type { DynamoAccess, Item } from './dynamo-access.ts';

/** Tries after the first, and the first pause; each pause is drawn from 0 to a doubling limit. */
const RETRIES_MAX = 5;
const PAUSE_MS = 25;

/** Names of exceptions and cancellation reasons that pass by themselves (DynamoDB developer guide, "Error handling"). */
const TRANSIENT = new Set([
  'TransactionConflict',
  'TransactionConflictException',
  'TransactionInProgressException',
  'ThrottlingError',
  'ThrottlingException',
  'ProvisionedThroughputExceeded',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'LimitExceededException',
  'InternalServerError',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'TimeoutError',
  'RequestTimeout',
  'RequestTimeoutException',
  'AbortError',
  'NetworkingError',
]);

const REFUSED = new Set([
  'ValidationError',
  'ValidationException',
  'ItemCollectionSizeLimitExceeded',
  'ItemCollectionSizeLimitExceededException',
]);

interface AwsFault {
  name?: string;
  message?: string;
  code?: string;
  CancellationReasons?: readonly { Code?: string; Message?: string; Item?: Item }[];
  Item?: Item;
  $metadata?: { httpStatusCode?: number };
}

/** What a failed request means for its caller. */
export type Verdict =
  | { kind: 'lost'; index: number; item?: Item }
  | { kind: 'transient'; name: string }
  /** The rows themselves are wrong: too large, or no value DynamoDB takes. Trying again cannot help. */
  | { kind: 'refused'; detail: string }
  | { kind: 'fault' };

/** Reads an exception of the SDK; `lost` carries which action of a transaction failed its condition. */
export function judge(error: unknown): Verdict {
  const fault = error as AwsFault;
  const name = fault.name ?? '';
  if (name === 'ConditionalCheckFailedException')
    return { kind: 'lost', index: 0, ...(fault.Item && { item: fault.Item }) };
  if (name === 'TransactionCanceledException') {
    const reasons = fault.CancellationReasons ?? [];
    const index = reasons.findIndex(({ Code }) => Code === 'ConditionalCheckFailed');
    const item = reasons[index]?.Item;
    if (index >= 0) return { kind: 'lost', index, ...(item && { item }) };
    const passing = reasons.find(({ Code }) => Code !== undefined && TRANSIENT.has(Code));
    if (passing) return { kind: 'transient', name: passing.Code! };
    const wrong = reasons.find(({ Code }) => Code !== undefined && REFUSED.has(Code));
    return wrong ? { kind: 'refused', detail: wrong.Message ?? wrong.Code! } : { kind: 'fault' };
  }
  if (REFUSED.has(name)) return { kind: 'refused', detail: fault.message ?? name };
  const status = fault.$metadata?.httpStatusCode ?? 0;
  const network = typeof fault.code === 'string' && /^E[A-Z_]+$/.test(fault.code);
  return TRANSIENT.has(name) || status >= 500 || network
    ? { kind: 'transient', name: name || fault.code! }
    : { kind: 'fault' };
}

/**
 * Sends with up to five jittered retries of what passes by itself, then throws `unavailable`. A failed
 * condition and a fault of ours are thrown as they came; `judge` reads them.
 */
export async function sendPatiently<Answer>(
  access: Pick<DynamoAccess, 'sleep' | 'random'>,
  send: () => Promise<Answer>,
): Promise<Answer> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      const verdict = judge(error);
      if (verdict.kind !== 'transient') throw error;
      if (attempt === RETRIES_MAX)
        throw new SentryError(
          'unavailable',
          `The database does not take this now (${verdict.name}).`,
          {
            cause: error,
          },
        );
      await access.sleep(access.random() * PAUSE_MS * 2 ** attempt);
    }
  }
}
