import { SentryError, type ErrorCode, type InputIssue } from '#shared/kernel/error.ts';

/** HTTP status of each stable code. */
export const HTTP_STATUS: Readonly<Record<ErrorCode, number>> = {
  invalid_input: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  precondition_failed: 412,
  too_large: 413,
  unsupported_media_type: 415,
  rate_limited: 429,
  unavailable: 503,
  internal: 500,
};

/** JSON-RPC error codes: the five of the standard, and the server range by HTTP's last digits. */
export const RPC_CODES = {
  parse_error: -32700,
  invalid_request: -32600,
  method_not_found: -32601,
  invalid_input: -32602,
  internal: -32603,
  unauthenticated: -32001,
  forbidden: -32003,
  not_found: -32004,
  method_not_allowed: -32005,
  conflict: -32009,
  precondition_failed: -32012,
  too_large: -32013,
  unsupported_media_type: -32015,
  rate_limited: -32029,
  unavailable: -32053,
} as const satisfies Record<
  ErrorCode | 'parse_error' | 'invalid_request' | 'method_not_found',
  number
>;

const TITLES: Readonly<Record<ErrorCode, string>> = {
  invalid_input: 'The input is not valid',
  unauthenticated: 'Sign in first',
  forbidden: 'Not allowed',
  not_found: 'Not found',
  method_not_allowed: 'Wrong method',
  conflict: 'Somebody else was faster',
  precondition_failed: 'The version has changed',
  too_large: 'Too large',
  unsupported_media_type: 'This media type is not read here',
  rate_limited: 'Too many requests',
  unavailable: 'Try again shortly',
  internal: 'Our fault',
};

/** RFC 9457 problem document; `code` is stable, texts are for people. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ErrorCode;
  issues?: readonly InputIssue[];
  /** The winner's row, on a conflict. */
  current?: unknown;
  correlation_id?: string;
}

/** Anything thrown as a problem. What is not a SentryError is ours: its text is never shown. */
export function problemOf(error: unknown, correlationId?: string): Problem {
  const known =
    error instanceof SentryError
      ? error
      : new SentryError('internal', 'Something failed on our side. It has been logged.');
  return {
    type: `urn:sentry:problem:${known.code}`,
    title: TITLES[known.code],
    status: HTTP_STATUS[known.code],
    detail: known.message,
    code: known.code,
    ...(known.issues.length > 0 && { issues: known.issues }),
    ...(known.current !== undefined && { current: known.current }),
    ...(correlationId !== undefined && { correlation_id: correlationId }),
  };
}

/** The same as the error object of a JSON-RPC response. */
export function rpcErrorOf(
  error: unknown,
  correlationId?: string,
): { code: number; message: string; data: Problem } {
  const problem = problemOf(error, correlationId);
  return { code: RPC_CODES[problem.code], message: problem.title, data: problem };
}
