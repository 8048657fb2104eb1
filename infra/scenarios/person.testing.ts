import type { Instance } from '#infra/local/instance.ts';

// Tests look into answers of any shape.
// oxlint-disable-next-line typescript/no-explicit-any
export type Json = any;

/** REST as one of the demo people. */
export async function signIn(instance: Instance, user: string) {
  const token = (await instance.oidc.issueToken(user))!.access_token;
  return async (
    method: string,
    path: string,
    body?: object,
  ): Promise<{ status: number; json: Json }> => {
    const response = await fetch(`${instance.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, json: await response.json() };
  };
}
