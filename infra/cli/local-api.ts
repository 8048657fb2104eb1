import { chooseEndpoint, localUrl } from './endpoint.ts';

/** Which instance's API, and as whom. */
export interface ApiTarget {
  /** Of a demo user; what `SENTRY_TOKEN` holds is taken instead. */
  user: string;
  /** The local instance's unless told. */
  url?: string | undefined;
}

/** Calls the local instance's API as one of its demo users. Throws an Error with the problem's detail. */
export function callLocal(
  user: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  return callApi({ user }, method, path, body);
}

/** Calls an instance's API, with the access token in `SENTRY_TOKEN` where there is one. Throws likewise. */
export function callApi(
  target: ApiTarget,
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  return sendBytes(target, method, path, bytes && { type: 'application/json', bytes });
}

/** The same with a body that is no JSON of ours. */
export async function sendBytes(
  { user, url }: ApiTarget,
  method: string,
  path: string,
  body: { type: string; bytes: Uint8Array } | undefined,
): Promise<unknown> {
  if (url === undefined) await chooseEndpoint(false);
  const base = url?.replace(/\/+$/, '') ?? localUrl();
  const token = process.env.SENTRY_TOKEN ?? (await localToken(user, base));
  const response = await fetch(`${base}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body && { 'content-type': body.type }),
    },
    ...(body && { body: Buffer.from(body.bytes) }),
  });
  const answer = (await response.json()) as { detail?: string; title?: string };
  if (!response.ok) throw new Error(answer.detail ?? answer.title ?? `HTTP ${response.status}`);
  return answer;
}

/** An access token of a demo user; only a local instance gives such. */
export async function localToken(user: string, base: string = localUrl()): Promise<string> {
  const response = await fetch(`${base}/_local/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user }),
  });
  const text = await response.text();
  const answer = parsed(text);
  if (!answer)
    throw new Error(`${base} is no local instance: put an access token in SENTRY_TOKEN.`);
  if (!answer.access_token) throw new Error(answer.message ?? `There is no demo user "${user}".`);
  return answer.access_token;
}

function parsed(text: string): { access_token?: string; message?: string } | undefined {
  try {
    return JSON.parse(text) as { access_token?: string; message?: string };
  } catch {
    return undefined;
  }
}
