import type { LocalClock } from '#infra/local/clock.ts';
import { InvocationError } from '#infra/local/service.ts';
import type { Invoker, SourceRecord } from '#infra/local/service.ts';
import type { StreamMapping } from '#infra/topology.ts';

import { Backoff } from './backoff.ts';
import type { Attempts } from './discard.ts';
import { readResponse } from './response.ts';
import type { Verdict } from './response.ts';

/** What became of records of a batch; each record gets exactly one of the two. */
export interface DeliveryListener {
  /** The function has done them. */
  onDone(records: readonly SourceRecord[]): void;
  /** They are given up; the checkpoint passes them once this resolves. A rejection is retried. */
  onDiscard(records: readonly SourceRecord[], attempts: Attempts): Promise<void>;
  onInvoke(): void;
  onFailure(): void;
}

/** A stretch of the batch that goes to the function in one piece. */
interface Piece {
  records: readonly SourceRecord[];
  retries: number;
  invokeCount: number;
  functionError: 'Unhandled' | null;
}

/** Answers and function errors alike; `unreachable` = the function was not run at all. */
type Outcome = Verdict | { kind: 'error' } | { kind: 'unreachable' };

/**
 * Brings one batch to its end: retries with backoff, bisects, passes over what is done, gives up by
 * retry count or age. Returns early, with the rest untouched, when `signal` aborts
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-errors.html).
 */
export async function deliverBatch(
  batch: readonly SourceRecord[],
  mapping: StreamMapping,
  parts: { invoker: Invoker; clock: LocalClock; signal: AbortSignal; listener: DeliveryListener },
): Promise<void> {
  const { invoker, clock, signal, listener } = parts;
  const backoff = new Backoff(clock, signal);
  const pieces: Piece[] = [{ records: batch, retries: 0, invokeCount: 0, functionError: null }];

  while (pieces.length > 0 && !signal.aborted) {
    const piece = pieces[0]!;
    const expired = countExpired(piece.records, mapping.recordAgeMaxSeconds, clock.now());
    if (expired > 0) {
      const old = { ...piece, records: piece.records.slice(0, expired) };
      if (!(await discard(old, 'RecordAgeExceeded'))) return;
      replaceFirst(pieces, fresh(piece.records.slice(expired)));
      continue;
    }
    listener.onInvoke();
    const outcome = await invoke(invoker, mapping.function, piece.records);
    if (outcome.kind !== 'unreachable') piece.invokeCount += 1;
    if (outcome.kind === 'success') {
      listener.onDone(piece.records);
      pieces.shift();
      backoff.reset();
      continue;
    }
    listener.onFailure();
    piece.functionError = outcome.kind === 'error' ? 'Unhandled' : null;
    if (outcome.kind === 'partial' && outcome.index > 0) {
      // The batch goes on at the reported record; it is another batch now, with its own retries.
      listener.onDone(piece.records.slice(0, outcome.index));
      backoff.reset();
      replaceFirst(pieces, {
        ...fresh(piece.records.slice(outcome.index))!,
        invokeCount: 1,
      });
    } else if (splits(outcome, piece, mapping)) {
      // Splitting does not use up a retry.
      const middle = Math.ceil(piece.records.length / 2);
      pieces.splice(
        0,
        1,
        { ...piece, records: piece.records.slice(0, middle) },
        { ...piece, records: piece.records.slice(middle) },
      );
    } else if (outcome.kind !== 'unreachable') {
      if (mapping.retries >= 0 && piece.retries >= mapping.retries) {
        if (!(await discard(piece, 'RetryAttemptsExhausted'))) return;
        pieces.shift();
        backoff.reset();
        continue;
      }
      piece.retries += 1;
    }
    await backoff.wait();
  }

  /** False when a stop came before the destination had taken the records. */
  async function discard(piece: Piece, condition: Attempts['condition']): Promise<boolean> {
    const { invokeCount, functionError } = piece;
    while (!signal.aborted) {
      try {
        await listener.onDiscard(piece.records, { condition, invokeCount, functionError });
        return true;
      } catch {
        listener.onFailure();
        await backoff.wait();
      }
    }
    return false;
  }
}

async function invoke(
  invoker: Invoker,
  functionName: string,
  records: readonly SourceRecord[],
): Promise<Outcome> {
  try {
    const event = { Records: records.map(({ record }) => record) };
    return readResponse(await invoker.invoke(functionName, event), records);
  } catch (error) {
    return { kind: error instanceof InvocationError ? 'error' : 'unreachable' };
  }
}

function splits(outcome: Outcome, piece: Piece, mapping: StreamMapping): boolean {
  if (!mapping.bisect || piece.records.length < 2) return false;
  return outcome.kind === 'error' || outcome.kind === 'failure';
}

/** How many records at the front are older than the mapping takes; -1 seconds = any age. */
function countExpired(
  records: readonly SourceRecord[],
  ageMaxSeconds: number,
  now: number,
): number {
  if (ageMaxSeconds < 0) return 0;
  const horizon = now - ageMaxSeconds * 1000;
  const first = records.findIndex(({ arrivedAt }) => arrivedAt >= horizon);
  return first === -1 ? records.length : first;
}

function fresh(records: readonly SourceRecord[]): Piece | undefined {
  return records.length === 0
    ? undefined
    : { records, retries: 0, invokeCount: 0, functionError: null };
}

function replaceFirst(pieces: Piece[], piece: Piece | undefined): void {
  pieces.splice(0, 1, ...(piece ? [piece] : []));
}
