import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

import { expect, onTestFinished } from 'vitest';

/** One answer of a receiver, and every way in which it can be wrong. */
export interface ReceiverAnswer {
  status?: number;
  headers?: Record<string, string>;
  /** Instead of what the receiver would say; bytes as they are. */
  body?: string | Buffer;
  /** It says no inside a 200, as Slack does. */
  refuses?: boolean;
  /** Real milliseconds before the answer. */
  delayMs?: number;
  /** Cuts the connection without an answer: before the message was read, or after it was taken. */
  drop?: 'before' | 'after';
  /** Sends the headers and then a byte now and then, for ever. */
  drip?: boolean;
  /** Promises more than it sends. */
  cut?: boolean;
}

/** What a receiver was told, as the test looks at it. */
export interface Message {
  path: string;
  headers: IncomingMessage['headers'];
  // Tests look into messages of any shape.
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any;
  /** The receiver took it, whatever it answered. */
  taken: boolean;
}

export type ReceiverName = 'slack' | 'slack-api' | 'pagerduty' | 'webhook' | 'email';

const PATHS: Readonly<Record<ReceiverName, string>> = {
  slack: '/services/T0/B0/x',
  'slack-api': '/api',
  pagerduty: '/v2/enqueue',
  webhook: '/hook',
  email: '/sns',
};

/** What each says when nothing is wrong. */
function kindWords(
  name: ReceiverName,
  count: number,
): Required<Pick<ReceiverAnswer, 'status' | 'body'>> {
  if (name === 'slack') return { status: 200, body: 'ok' };
  if (name === 'slack-api')
    return { status: 200, body: `{"ok":true,"channel":"C0OPS","ts":"1700000000.${count}"}` };
  if (name === 'pagerduty') return { status: 202, body: '{"status":"success"}' };
  if (name === 'webhook') return { status: 204, body: '' };
  const result = `<PublishResult><MessageId>mail-${count}</MessageId></PublishResult>`;
  return { status: 200, body: `<PublishResponse>${result}</PublishResponse>` };
}

/** JSON, or the form that SNS is told in. */
function parse(name: ReceiverName, text: string): unknown {
  return name === 'email' ? Object.fromEntries(new URLSearchParams(text)) : JSON.parse(text);
}

/**
 * Slack, PagerDuty, a webhook's owner and the mail topic's subscriber as one little server on the loopback interface. Faults are
 * told beforehand, one for each answer, and then it is kind again. When the test ends, every message
 * taken must have been looked at: what nobody expected fails it.
 */
export async function startReceivers() {
  const messages: Message[] = [];
  const seen = new Set<Message>();
  const faults = new Map<ReceiverName, ReceiverAnswer[]>();
  const sockets = new Set<Socket>();
  const timers = new Set<NodeJS.Timeout>();
  let count = 100_000;

  const server = createServer((request, response) => {
    const path = request.url ?? '';
    const name = (Object.keys(PATHS) as ReceiverName[]).find((one) => path.startsWith(PATHS[one]));
    const answer = (name && faults.get(name)?.shift()) ?? {};
    if (name === undefined || answer.drop === 'before') {
      request.socket.destroy();
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const refused = (answer.status ?? 200) >= 300 || answer.refuses === true;
      const { headers } = request;
      messages.push({ path, headers, body: parse(name, text), taken: !refused });
      const say = () => speak(response, request.socket, answer, kindWords(name, ++count), timers);
      if (answer.delayMs === undefined) return say();
      timers.add(setTimeout(say, answer.delayMs));
    });
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const of = (name: ReceiverName) => messages.filter(({ path }) => path.startsWith(PATHS[name]));
  onTestFinished(async () => {
    for (const timer of timers) clearTimeout(timer);
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
    const unexpected = messages.filter((message) => message.taken && !seen.has(message));
    expect(unexpected.map(({ path, body }) => ({ path, body: body as unknown }))).toEqual([]);
  });

  return {
    origin,
    url: (name: ReceiverName) => `${origin}${PATHS[name]}`,
    /** The next answers of a receiver, in turn. */
    fail: (name: ReceiverName, ...answers: ReceiverAnswer[]) => void faults.set(name, answers),
    /** How often it was called, kindly answered or not. */
    calls: (name: ReceiverName) => of(name).length,
    /** What it took, now expected; the rest fails the test at its end. */
    took(name: ReceiverName): Message[] {
      const taken = of(name).filter((message) => message.taken);
      for (const message of taken) seen.add(message);
      return taken;
    },
  };
}

function speak(
  response: ServerResponse,
  socket: Socket,
  answer: ReceiverAnswer,
  kind: { status: number; body: string | Buffer },
  timers: Set<NodeJS.Timeout>,
): void {
  if (answer.drop === 'after') {
    socket.destroy();
    return;
  }
  const head = answer.cut ? { 'content-length': '4096' } : {};
  response.writeHead(answer.status ?? kind.status, { ...head, ...answer.headers });
  if (answer.drip) timers.add(setInterval(() => response.write('.'), 20));
  else if (answer.cut) {
    response.write('part');
    setImmediate(() => socket.destroy());
  } else response.end(answer.body ?? kind.body);
}
