import { DynamoFailure, modelFailure, transactionCanceled } from './failure.ts';

/** A disturbance of item operations for tests; `ratio` of them (0–1) is refused, as `seed` draws. */
export interface DynamoFault {
  kind: 'throttle' | 'transaction_conflict' | 'internal';
  ratio: number;
  seed: number;
}

const TRANSACTIONS: ReadonlySet<string> = new Set(['TransactWriteItems', 'TransactGetItems']);
const WRITES: ReadonlySet<string> = new Set(['PutItem', 'UpdateItem', 'DeleteItem']);

/** Draws, by its seed alone, which calls are refused, and counts them. */
export class FaultSwitch {
  #fault: DynamoFault | undefined;
  #state = 0;
  #refused = 0;

  get refused(): number {
    return this.#refused;
  }

  set(fault: DynamoFault | undefined): void {
    this.#fault = fault;
    this.#state = fault?.seed ?? 0;
    this.#refused = 0;
  }

  /** Throws where this call is to be refused; nothing has been read or written yet. */
  meet(operation: string, body: Record<string, unknown>): void {
    const fault = this.#fault;
    if (fault === undefined) return;
    const conflict = fault.kind === 'transaction_conflict';
    if (conflict && !TRANSACTIONS.has(operation) && !WRITES.has(operation)) return;
    if (this.#draw() >= fault.ratio) return;
    this.#refused += 1;
    throw refusal(fault.kind, operation, body);
  }

  /** Mulberry32 (Tommy Ettinger, public domain): a number in [0, 1). */
  #draw(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
}

function refusal(
  kind: DynamoFault['kind'],
  operation: string,
  body: Record<string, unknown>,
): DynamoFailure {
  if (kind === 'throttle') {
    return modelFailure(
      'ProvisionedThroughputExceededException',
      'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.',
    );
  }
  if (kind === 'internal') {
    const type = 'com.amazonaws.dynamodb.v20120810#InternalServerError';
    return new DynamoFailure(type, 'Internal server error', {}, 500);
  }
  const message = 'Transaction is ongoing for the item';
  if (!TRANSACTIONS.has(operation)) return modelFailure('TransactionConflictException', message);
  const count = Array.isArray(body['TransactItems']) ? body['TransactItems'].length : 1;
  return transactionCanceled(
    Array.from({ length: count }, (_, at) =>
      at === 0 ? { Code: 'TransactionConflict', Message: message } : { Code: 'None' },
    ),
  );
}
