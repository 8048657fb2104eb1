import { chooseEndpoint, localUrl } from './endpoint.ts';

/** Calls the local instance's API as one of its demo users. Throws an Error with the problem's detail. */
export async function callLocal(
  user: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  await chooseEndpoint(false);
  const token = await localToken(user);
  const response = await fetch(`${localUrl()}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as { detail?: string; title?: string };
  if (!response.ok) throw new Error(answer.detail ?? answer.title ?? `HTTP ${response.status}`);
  return answer;
}

/** An access token of a demo user; only the local instance gives such. */
export async function localToken(user: string): Promise<string> {
  const response = await fetch(`${localUrl()}/_local/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user }),
  });
  const answer = (await response.json()) as { access_token?: string; message?: string };
  if (!answer.access_token) throw new Error(answer.message ?? `There is no demo user "${user}".`);
  return answer.access_token;
}
