import { WebSocket } from 'ws';

import type { Instance } from '#infra/local/instance.ts';

/** A signed-in live socket. */
interface RpcSocket {
  /** Sends one request; resolves with its result, rejects with what the server refused. */
  call(method: string, params: object): Promise<unknown>;
  close(): void;
}

/** One alert, as a push shows it. */
interface Pushed {
  alert_id: string;
  state: string;
  group?: Record<string, string>;
}

interface Message {
  id?: number;
  result?: unknown;
  error?: { message: string };
  params?: { items?: Pushed[] };
}

/** Opens a socket as one of the demo people; `onPush` is told of every alert pushed to it. */
export async function openSocket(
  instance: Instance,
  user: string,
  onPush: (alert: Pushed) => void = () => undefined,
): Promise<RpcSocket> {
  const token = (await instance.oidc.issueToken(user))!.access_token;
  const response = await fetch(`${instance.url}/v1/live/ticket`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  });
  const { ticket } = (await response.json()) as { ticket: string };
  const socket = new WebSocket(`${instance.url.replace('http', 'ws')}/live?ticket=${ticket}`);
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  socket.on('message', (data: Buffer) => {
    const { id, result, error, params } = JSON.parse(data.toString('utf8')) as Message;
    for (const item of params?.items ?? []) onPush(item);
    const call = id === undefined ? undefined : waiting.get(id);
    if (error) call?.reject(new Error(error.message));
    else call?.resolve(result);
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  let last = 0;
  return {
    call(method, params) {
      const id = ++last;
      const answer = Promise.withResolvers<unknown>();
      waiting.set(id, answer);
      socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
      return answer.promise;
    },
    close: () => socket.close(),
  };
}
