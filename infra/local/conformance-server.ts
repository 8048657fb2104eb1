import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { AwsRequest, AwsResponse } from './service.ts';

/** Test support: one service behind a real socket, so that the real SDK clients can talk to it. */
export interface ConformanceServer {
  /** `http://127.0.0.1:<port>` */
  url: string;
  /** What an SDK client needs to reach it: one attempt only, so that a test sees every refusal. */
  client: {
    endpoint: string;
    region: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
    maxAttempts: number;
  };
  close(): Promise<void>;
}

/** Serves `handle` on a free port of the loopback interface; an answer of undefined becomes 404. */
export async function startConformanceServer(
  handle: (request: AwsRequest) => Promise<AwsResponse | undefined>,
): Promise<ConformanceServer> {
  const server = createServer((incoming, outgoing) => void answer(handle, incoming, outgoing));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = {
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  };
  return {
    url,
    client,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  handle: (request: AwsRequest) => Promise<AwsResponse | undefined>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  try {
    const response = await handle(await readRequest(incoming));
    outgoing.writeHead(response?.status ?? 404, response?.headers ?? {});
    outgoing.end(incoming.method === 'HEAD' ? undefined : response?.body);
  } catch {
    incoming.socket.destroy();
  }
}

async function readRequest(incoming: IncomingMessage): Promise<AwsRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const [path = '/', ...query] = (incoming.url ?? '/').split('?');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(',') : value;
  }
  return {
    method: incoming.method ?? 'GET',
    path: decodeURIComponent(path),
    query: new URLSearchParams(query.join('?')),
    headers,
    body: Buffer.concat(chunks),
    region:
      /Credential=[^/]+\/\d+\/([^/]+)\//.exec(headers['authorization'] ?? '')?.[1] ?? 'us-east-1',
  };
}

/** A fresh directory for one test file, and the way to remove it. */
export function makeScratch(): { directory: string; remove(): void } {
  const directory = mkdtempSync(join(tmpdir(), 'sentry-local-'));
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}
