import { randomUUID } from 'node:crypto';

import type * as z from 'zod';

import type { AwsRequest, AwsResponse } from '#infra/local/service.ts';

import { AwsError } from './error.ts';

export type JsonOperation = (input: unknown, request: AwsRequest) => unknown;

/** One operation: its input is parsed with `schema`, a bad one is refused as `invalid` (an error code). */
export function operation<S extends z.ZodType>(
  schema: S,
  run: (input: z.output<S>, request: AwsRequest) => unknown,
  invalid = 'ValidationException',
): JsonOperation {
  return (input, request) => {
    const parsed = schema.safeParse(input);
    if (parsed.success) return run(parsed.data, request);
    throw new AwsError(invalid, describeIssues(parsed.error));
  };
}

/** All issues of a parse as one sentence, the way AWS counts them. */
function describeIssues(error: z.ZodError): string {
  const issues = error.issues.map(
    (issue) => `Value at '${issue.path.join('.')}' failed to satisfy constraint: ${issue.message}`,
  );
  return `${issues.length} validation error${issues.length === 1 ? '' : 's'} detected: ${issues.join('; ')}`;
}

/**
 * Serves AWS JSON 1.0 and 1.1: `X-Amz-Target: <prefix>.<Operation>`, a JSON body each way, errors as
 * `{"__type", "message"}` with status 400 (https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html).
 */
export async function answerJson(
  request: AwsRequest,
  operations: Readonly<Record<string, JsonOperation>>,
  version: '1.0' | '1.1',
): Promise<AwsResponse> {
  const headers: Record<string, string> = {
    'content-type': `application/x-amz-json-${version}`,
    'x-amzn-requestid': randomUUID(),
  };
  try {
    const name = (request.headers['x-amz-target'] ?? '').split('.').at(-1) ?? '';
    const run = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (!run) throw new AwsError('UnknownOperationException', `no operation '${name}' here`);
    const output = await run(parseBody(request.body), request);
    return { status: 200, headers, body: output === undefined ? '{}' : JSON.stringify(output) };
  } catch (error) {
    const refusal = asAwsError(error);
    headers['x-amzn-errortype'] = refusal.code;
    if (refusal.queryCode) headers['x-amzn-query-error'] = `${refusal.queryCode};Sender`;
    const body = JSON.stringify({ __type: refusal.code, message: refusal.message });
    return { status: refusal.status, headers, body };
  }
}

function parseBody(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    throw new AwsError('SerializationException', 'the body is not JSON');
  }
}

/** What was thrown, as a refusal; anything unforeseen is a fault of the service (500). */
export function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new AwsError('InternalFailure', message, { status: 500 });
}
