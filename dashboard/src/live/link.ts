import { ApiError, apiErrorOf } from '#dashboard/api/problem.ts';

/** The part of a WebSocket that is used; a test brings its own. */
export interface Socket {
  addEventListener(type: 'open' | 'close', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void;
  send(text: string): void;
  close(code?: number): void;
}

/** What a server says by itself. */
export interface Notification {
  method: string;
  params: Record<string, unknown>;
}

interface Pending {
  resolve: (result: unknown) => void;
  reject: (error: ApiError) => void;
  timer: ReturnType<typeof setTimeout>;
}

const OPEN_TIMEOUT_MS = 10_000;
const CALL_TIMEOUT_MS = 10_000;

/** One WebSocket: JSON-RPC calls out, notifications in. It never reconnects; it ends once. */
export class Link {
  readonly #socket: Socket;
  readonly #pending = new Map<number, Pending>();
  readonly #onNotification: (notification: Notification) => void;
  readonly #onEnd: () => void;
  #nextId = 1;
  #hasEnded = false;
  #onNeverOpened: (() => void) | undefined;
  readonly #now: () => number;
  /** When anything last arrived, ms since the epoch. */
  heardAt: number;

  private constructor(
    socket: Socket,
    onNotification: (notification: Notification) => void,
    onEnd: () => void,
    now: () => number,
  ) {
    this.#socket = socket;
    this.#now = now;
    this.heardAt = now();
    this.#onNotification = onNotification;
    this.#onEnd = onEnd;
  }

  /** Resolves once the socket is open; rejects with ApiError `closed`. `onEnd` is called once, after it was open. */
  static open(
    socket: Socket,
    onNotification: (notification: Notification) => void,
    onEnd: () => void,
    now: () => number,
  ): Promise<Link> {
    return new Promise((resolve, reject) => {
      const link = new Link(socket, onNotification, onEnd, now);
      const timer = setTimeout(() => link.close(), OPEN_TIMEOUT_MS);
      link.#onNeverOpened = () => {
        clearTimeout(timer);
        reject(new ApiError('closed', 'The live connection could not be opened.'));
      };
      socket.addEventListener('message', ({ data }) => link.#receive(data));
      socket.addEventListener('close', () => link.#end());
      socket.addEventListener('open', () => {
        if (link.#hasEnded) return;
        clearTimeout(timer);
        link.#onNeverOpened = undefined;
        link.heardAt = link.#now();
        resolve(link);
      });
    });
  }

  /** Calls a method. Throws ApiError: what the server refused with, `timeout`, or `closed`. */
  call(method: string, params: object = {}): Promise<unknown> {
    if (this.#hasEnded) return Promise.reject(closed());
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(new ApiError('timeout', 'The server did not answer in time.'));
      }, CALL_TIMEOUT_MS);
      this.#pending.set(id, { resolve, reject, timer });
      this.#socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    });
  }

  /** Ends it; the other side's answer is not awaited, which a broken network would never bring. */
  close(): void {
    this.#socket.close(1000);
    this.#end();
  }

  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    for (const { reject, timer } of this.#pending.values()) {
      clearTimeout(timer);
      reject(closed());
    }
    this.#pending.clear();
    if (this.#onNeverOpened) this.#onNeverOpened();
    else this.#onEnd();
  }

  #receive(data: unknown): void {
    if (this.#hasEnded) return;
    this.heardAt = this.#now();
    const message = parse(data);
    if (!message) return;
    const { id, method, params, error, result } = message;
    if (typeof method === 'string') {
      if (typeof params === 'object' && params !== null)
        this.#onNotification({ method, params: params as Record<string, unknown> });
      return;
    }
    const pending = typeof id === 'number' ? this.#pending.get(id) : undefined;
    if (!pending) return;
    this.#pending.delete(id as number);
    clearTimeout(pending.timer);
    if (error === undefined) return pending.resolve(result);
    const { data: problem, message: text } = error as { data?: unknown; message?: string };
    pending.reject(apiErrorOf(problem, text ?? 'The server refused.'));
  }
}

function closed(): ApiError {
  return new ApiError('closed', 'The live connection broke.');
}

function parse(data: unknown): Record<string, unknown> | undefined {
  if (typeof data !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
