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

interface AwsFault {
  name?: string;
  code?: string;
  CancellationReasons?: readonly { Code?: string; Item?: Item }[];
  Item?: Item;
  $metadata?: { httpStatusCode?: number };
}

/** What a failed request means for its caller. */
export type Verdict =
  | { kind: 'lost'; index: number; item?: Item }
  | { kind: 'transient'; name: string }
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
    return passing ? { kind: 'transient', name: passing.Code! } : { kind: 'fault' };
  }
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
