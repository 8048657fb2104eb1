import { randomUUID } from 'node:crypto';

import type { AwsRequest, AwsResponse } from '#infra/local/service.ts';

import { AwsError } from './error.ts';
import { asAwsError } from './json.ts';
import { element, wrap } from './xml.ts';

/** Gives the markup inside `<OperationResult>`, or undefined where the operation answers nothing. */
export type QueryOperation = (
  parameters: URLSearchParams,
  request: AwsRequest,
) => string | undefined | Promise<string | undefined>;

/**
 * Serves the AWS query protocol: form fields in, XML out, errors as `<ErrorResponse>`
 * (https://smithy.io/2.0/aws/protocols/aws-query-protocol.html).
 */
export async function answerQuery(
  request: AwsRequest,
  operations: Readonly<Record<string, QueryOperation>>,
  namespace: string,
): Promise<AwsResponse> {
  const requestId = randomUUID();
  const headers = { 'content-type': 'text/xml', 'x-amzn-requestid': requestId };
  try {
    const parameters = readParameters(request);
    const name = parameters.get('Action') ?? '';
    const run = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (!run) throw new AwsError('InvalidAction', `Could not find operation ${name}`);
    const result = await run(parameters, request);
    const body =
      `<${name}Response xmlns="${namespace}">` +
      (result === undefined ? '' : wrap(`${name}Result`, result)) +
      wrap('ResponseMetadata', element('RequestId', requestId)) +
      `</${name}Response>`;
    return { status: 200, headers, body };
  } catch (error) {
    const refusal = asAwsError(error);
    const fault =
      element('Type', refusal.status < 500 ? 'Sender' : 'Receiver') +
      element('Code', refusal.queryCode ?? refusal.code) +
      element('Message', refusal.message);
    const body = `<ErrorResponse xmlns="${namespace}">${wrap('Error', fault)}${element('RequestId', requestId)}</ErrorResponse>`;
    return { status: refusal.status, headers, body };
  }
}

function readParameters(request: AwsRequest): URLSearchParams {
  const parameters = new URLSearchParams(request.query);
  for (const [name, value] of new URLSearchParams(request.body.toString('utf8'))) {
    parameters.set(name, value);
  }
  return parameters;
}

/** The parameter, or the refusal AWS gives for a missing one. */
export function required(parameters: URLSearchParams, name: string): string {
  const value = parameters.get(name);
  if (value === null || value === '') {
    throw new AwsError('InvalidParameter', `Invalid parameter: ${name}`);
  }
  return value;
}

/** Members `prefix.1`, `prefix.2`, …, each as its own parameters with the prefix taken off. */
export function members(parameters: URLSearchParams, prefix: string): URLSearchParams[] {
  const found = new Map<number, URLSearchParams>();
  for (const [name, value] of parameters) {
    if (!name.startsWith(`${prefix}.`)) continue;
    const [index = '', ...rest] = name.slice(prefix.length + 1).split('.');
    if (!/^\d+$/.test(index)) continue;
    const member = found.get(Number(index)) ?? new URLSearchParams();
    member.set(rest.join('.'), value);
    found.set(Number(index), member);
  }
  return [...found].sort(([a], [b]) => a - b).map(([, member]) => member);
}

/** A map sent as `prefix.N.<key>` and `prefix.N.<value>`. */
export function entries(
  parameters: URLSearchParams,
  prefix: string,
  keyName = 'key',
  valueName = 'value',
): Record<string, string> {
  const pairs = members(parameters, prefix).map((member): [string, string] => [
    member.get(keyName) ?? '',
    member.get(valueName) ?? '',
  ]);
  return Object.fromEntries(pairs);
}
