const DYNAMODB = 'com.amazonaws.dynamodb.v20120810#';

/** A refusal in the words of the service; the dispatcher turns it into the wire shape. */
export class DynamoFailure extends Error {
  readonly status: number;
  readonly body: Record<string, unknown>;

  constructor(type: string, message: string, extra: Record<string, unknown> = {}, status = 400) {
    super(message);
    this.name = type.slice(type.indexOf('#') + 1);
    this.status = status;
    this.body = { __type: type, message, ...extra };
  }
}

export function validationFailure(message: string): DynamoFailure {
  return new DynamoFailure('com.amazon.coral.validate#ValidationException', message);
}

export function serializationFailure(message: string): DynamoFailure {
  return new DynamoFailure('com.amazon.coral.service#SerializationException', message);
}

/** A failure of the service's own model, e.g. `ResourceNotFoundException`. */
export function modelFailure(
  name: string,
  message: string,
  extra: Record<string, unknown> = {},
): DynamoFailure {
  return new DynamoFailure(DYNAMODB + name, message, extra);
}

export function tableMissing(): DynamoFailure {
  return modelFailure('ResourceNotFoundException', 'Requested resource not found');
}

/** One entry of `CancellationReasons`, in the order of the actions. */
export interface CancellationReason {
  Code: string;
  Message?: string;
  Item?: unknown;
}

/** Source: API reference, TransactWriteItems, "TransactionCanceledException". */
export function transactionCanceled(reasons: readonly CancellationReason[]): DynamoFailure {
  const codes = reasons.map((reason) => reason.Code).join(', ');
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  return modelFailure('TransactionCanceledException', message, {
    Message: message,
    CancellationReasons: reasons,
  });
}
