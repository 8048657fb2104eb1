import type { Operation } from '#shared/api/route-access.ts';
import type { OperationInput, OperationResult } from '#shared/api/routes.ts';
import type { Context } from '#shared/kernel/context.ts';

import type { ApiPorts } from './ports.ts';

/** Everything of a call but its input. */
export interface Call {
  context: Context;
  /** Roles of a signed-in caller; empty for public operations. */
  roles: readonly string[];
  /** When the caller's token expires, ms since the epoch; 0 for public operations. */
  tokenExpiresAt: number;
  /** The body as it came, for operations that read bytes. */
  body: Uint8Array;
  /** What the caller says these bytes are. */
  contentType?: string | undefined;
  /** The `Idempotency-Key` of an HTTP request. */
  idempotencyKey?: string | undefined;
  ports: ApiPorts;
}

/** Runs one operation on checked input. The scope has been checked; verbs that change things check again. */
export type Handler<O extends Operation> = (
  input: OperationInput<O>,
  call: Call,
) => Promise<OperationResult<O>>;

/** The handlers of some operations, by name. */
export type Handlers<O extends Operation> = { [Name in O]: Handler<Name> };
