import { checkInput } from '#shared/api/check-input.ts';
import type { Route } from '#shared/api/routes.ts';
import { jsonDepthExceeds } from '#shared/event/json-depth.ts';
import { SentryError } from '#shared/kernel/error.ts';

/** Largest body of a command, bytes. */
const COMMAND_BYTES_MAX = 1024 * 1024;
/** Largest body of an ingest, bytes (API Gateway's own limit). */
const INGEST_BYTES_MAX = 10 * 1024 * 1024;
const DEPTH_MAX = 64;
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\b/i;
/** Query fields that take several values, repeated or separated by commas. */
const ENUMERATIONS = new Set(['state', 'status', 'severity']);
const LISTS = new Set([...ENUMERATIONS, 'service']);

export interface HttpInput {
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  body: Uint8Array;
  content_type: string | undefined;
  if_match: string | undefined;
}

/**
 * Path, query, body and `If-Match` of a request as the operation's one checked input. Throws
 * `too_large`, `unsupported_media_type` and `invalid_input`.
 */
export function readInput(route: Route, request: HttpInput): Record<string, unknown> {
  const limit = route.body_bytes_max ?? (route.raw ? INGEST_BYTES_MAX : COMMAND_BYTES_MAX);
  if (request.body.length > limit)
    throw new SentryError('too_large', `The body may have at most ${limit} bytes.`);
  const fields = route.raw ? {} : readBody(request, route.list);
  for (const name of Object.keys(request.params))
    if (Object.hasOwn(fields, name) && fields[name] !== request.params[name])
      throw new SentryError('invalid_input', `${name} differs between path and body.`, {
        issues: [{ path: name, message: `The path says ${request.params[name]}.` }],
      });
  const input = { ...readQuery(request.query), ...fields, ...request.params };
  const version = readVersion(request.if_match);
  if (version === undefined || !('if_version' in route.body)) return checkInput(route.input, input);
  return checkInput(route.input, { ...input, if_version: version });
}

function readQuery(query: URLSearchParams): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const name of new Set(query.keys())) {
    const values = query.getAll(name);
    if (ENUMERATIONS.has(name)) fields[name] = values.flatMap((value) => value.split(','));
    else if (LISTS.has(name)) fields[name] = values;
    else if (values.length === 1 && name !== '__proto__') fields[name] = values[0];
    else
      throw new SentryError('invalid_input', `The parameter ${name} is given more than once.`, {
        issues: [{ path: name, message: 'Give it once.' }],
      });
  }
  return fields;
}

function readBody(
  { body, content_type }: HttpInput,
  list: string | undefined,
): Record<string, unknown> {
  if (body.length === 0) return {};
  if (content_type !== undefined && !JSON_TYPE.test(content_type))
    throw new SentryError('unsupported_media_type', 'Send application/json.');
  if (jsonDepthExceeds(body, DEPTH_MAX))
    throw new SentryError('invalid_input', `The body nests deeper than ${DEPTH_MAX}.`);
  const parsed = parseJson(body);
  if (list !== undefined && Array.isArray(parsed)) return { [list]: parsed };
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new SentryError('invalid_input', 'The body must be a JSON object.');
  if (Object.hasOwn(parsed, '__proto__'))
    throw new SentryError('invalid_input', 'The body has a field that no operation knows.');
  return parsed as Record<string, unknown>;
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (cause) {
    throw new SentryError('invalid_input', 'The body is not JSON in UTF-8.', { cause });
  }
}

/** `"6"`, `W/"6"` or `6`; `*` asks for nothing. */
function readVersion(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  const version = /^\s*(?:W\/)?"?(\d{1,15})"?\s*$/.exec(header)?.[1];
  if (version === undefined)
    throw new SentryError('invalid_input', 'If-Match must be the version, e.g. "6".', {
      issues: [{ path: 'If-Match', message: 'Use the ETag of the row.' }],
    });
  return Number(version);
}
