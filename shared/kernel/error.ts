/** Stable machine-readable codes; each has one HTTP status and one JSON-RPC code in `shared/api/problem.ts`. */
export const ERROR_CODES = [
  'invalid_input',
  'unauthenticated',
  'forbidden',
  'not_found',
  'method_not_allowed',
  'conflict',
  'precondition_failed',
  'too_large',
  'unsupported_media_type',
  'rate_limited',
  'unavailable',
  'internal',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** One wrong place in an input: a dotted path and what to do about it. */
export interface InputIssue {
  path: string;
  message: string;
}

/** A refusal with a stable code. Anything else thrown is a fault of ours ("internal"). */
export class SentryError extends Error {
  readonly code: ErrorCode;
  readonly issues: readonly InputIssue[];
  /** Present on `conflict`: the winner's row as it stands now. */
  readonly current: unknown;

  constructor(
    code: ErrorCode,
    message: string,
    detail: { issues?: readonly InputIssue[]; current?: unknown; cause?: unknown } = {},
  ) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = 'SentryError';
    this.code = code;
    this.issues = detail.issues ?? [];
    this.current = detail.current;
  }
}

/** True for faults that pass by themselves: retry the same work later, never quarantine it. */
export function isTransient(error: unknown): boolean {
  return (
    error instanceof SentryError && (error.code === 'unavailable' || error.code === 'rate_limited')
  );
}
