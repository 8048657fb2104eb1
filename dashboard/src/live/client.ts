import type { HelloResult, PingResult } from '#shared/api/live-protocol.ts';
import type { Topic } from '#shared/live/schema.ts';

import { ApiError } from '#dashboard/api/problem.ts';

import { backoffMs } from './backoff.ts';
import { Link, type Socket } from './link.ts';
import type { LiveStatus } from './status.ts';
import { type Sink, Topics } from './topics.ts';

/** What the client needs from outside. */
export interface LivePorts {
  /** URL of the WebSocket API. */
  url: string;
  openSocket(url: string): Socket;
  /** A ticket for one connection. Throws ApiError, `unauthenticated` when the session is over. */
  ticket(): Promise<string>;
  /** Brings the sinks up to date over HTTP. */
  poll(): Promise<void>;
  /** Live again after a break, in which so many things changed. */
  caughtUp(missed: number): void;
  /** The server's clock minus ours, ms. */
  skew(ms: number): void;
  isOnline(): boolean;
  isVisible(): boolean;
  /** In [0, 1). */
  random(): number;
  /** Ms since the epoch; this device's clock unless told. */
  now?(): number;
}

const WATCH_MS = 1_000;
const QUIET_MS = 10_000;
const STALE_MS = 15_000;
const DEAD_MS = 25_000;
/** API Gateway ends a silent connection after ten minutes. */
const HIDDEN_QUIET_MS = 4 * 60_000;
/** API Gateway ends every connection after two hours. */
const ROTATE_MS = 110 * 60_000;
const TOKEN_MARGIN_MS = 45_000;
const POLL_MS = 5_000;
const FAILURES_BEFORE_POLLING = 3;

/**
 * The live connection: opens, subscribes, notices gaps and resumes, reconnects with jitter, changes to a
 * fresh socket before the old one must end, and falls back to polling. Protocol: live-protocol.ts.
 */
export class LiveClient {
  readonly #ports: LivePorts;
  readonly #now: () => number;
  readonly #topics = new Topics(() => this.#link);
  readonly #listeners = new Set<() => void>();
  #status: LiveStatus = { kind: 'connecting' };
  #link: Link | undefined;
  #openedAt = 0;
  #rotateAt = Infinity;
  #isRotating = false;
  #isPinging = false;
  #failures = 0;
  #hasBeenLive = false;
  /** Of links before this one, ms since the epoch. */
  #heardAt = 0;
  /** Grows with every start and stop: what an older one still awaits is void. */
  #run = 0;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #watchTimer: ReturnType<typeof setInterval> | undefined;
  #pollTimer: ReturnType<typeof setInterval> | undefined;

  constructor(ports: LivePorts) {
    this.#ports = ports;
    this.#now = () => (ports.now ? ports.now() : Date.now());
  }

  /** For useSyncExternalStore. */
  readonly onStatus = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly status = (): LiveStatus => this.#status;

  /** When anything last came from the server, ms since the epoch; 0 before the first time. */
  readonly heardAt = (): number => Math.max(this.#heardAt, this.#link?.heardAt ?? 0);

  /** Connects, also after a stop. */
  start(): void {
    this.#failures = 0;
    this.#watchTimer ??= setInterval(() => this.#watch(), WATCH_MS);
    void this.#connect();
  }

  /** Ends the connection for good; `status` says why. */
  stop(status: LiveStatus = { kind: 'offline' }): void {
    this.#drop();
    clearInterval(this.#watchTimer);
    this.#watchTimer = undefined;
    this.#setStatus(status);
  }

  /** The browser says that the network is back or gone, or that the page is looked at again. */
  wake(): void {
    if (this.#watchTimer === undefined) return;
    if (!this.#ports.isOnline()) {
      this.#drop();
      this.#setStatus({ kind: 'offline' });
    } else if (this.#link) void this.#ping(this.#link);
    else if (this.#status.kind !== 'connecting') {
      clearTimeout(this.#retryTimer);
      void this.#connect();
    }
  }

  /** A fresh socket for a fresh token; the old one serves until the new one is up to date. */
  async rotate(): Promise<void> {
    if (!this.#link || this.#isRotating) return;
    this.#isRotating = true;
    const old = this.#link;
    try {
      await this.#open(this.#run);
      old.close();
    } catch {
      this.#rotateAt = this.#now() + 30_000;
    } finally {
      this.#isRotating = false;
    }
  }

  /** Subscribes a topic, one subscription each; returns the way to end it. */
  subscribe(topic: Topic, filter: object, sink: Sink): () => void {
    return this.#topics.add(topic, filter, sink);
  }

  /** Runs an operation over the socket. Throws ApiError; `closed` when there is no socket. */
  call(method: string, params: object): Promise<unknown> {
    if (!this.#link || this.#status.kind !== 'live')
      return Promise.reject(new ApiError('closed', 'There is no live connection.'));
    return this.#link.call(method, params);
  }

  #setStatus(status: LiveStatus): void {
    this.#status = status;
    const isPolling = status.kind === 'polling';
    if (isPolling && this.#pollTimer === undefined) {
      const poll = () => void this.#ports.poll().catch(() => {});
      this.#pollTimer = setInterval(poll, POLL_MS);
      poll();
    } else if (!isPolling && this.#pollTimer !== undefined) {
      clearInterval(this.#pollTimer);
      this.#pollTimer = undefined;
    }
    for (const listener of this.#listeners) listener();
  }

  #drop(): void {
    this.#run++;
    clearTimeout(this.#retryTimer);
    const link = this.#link;
    this.#heardAt = this.heardAt();
    this.#link = undefined;
    link?.close();
  }

  async #connect(): Promise<void> {
    const run = ++this.#run;
    if (!this.#ports.isOnline()) return this.#setStatus({ kind: 'offline' });
    if (this.#failures === 0 && this.#status.kind !== 'reconnecting')
      this.#setStatus({ kind: 'connecting' });
    try {
      const missed = await this.#open(run);
      if (run !== this.#run) return;
      this.#failures = 0;
      this.#setStatus({ kind: 'live' });
      if (this.#hasBeenLive) this.#ports.caughtUp(missed);
      this.#hasBeenLive = true;
    } catch (error) {
      if (run !== this.#run) return;
      if (error instanceof ApiError && error.code === 'unauthenticated')
        return this.stop({ kind: 'session_expired' });
      this.#failures++;
      this.#retry();
    }
  }

  #retry(): void {
    const attempt = this.#failures + 1;
    const delayMs = backoffMs(attempt, this.#ports.random());
    const at = this.#now() + delayMs;
    const kind = this.#failures >= FAILURES_BEFORE_POLLING ? 'polling' : 'reconnecting';
    this.#setStatus({ kind, attempt, at });
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => void this.#connect(), delayMs);
  }

  /**
   * Opens a socket, says hello, subscribes everything; then it takes the place of the one before.
   * Returns how many things had changed meanwhile.
   */
  async #open(run: number): Promise<number> {
    const ticket = await this.#ports.ticket();
    if (run !== this.#run) throw new ApiError('closed', 'Superseded.');
    const separator = this.#ports.url.includes('?') ? '&' : '?';
    const url = `${this.#ports.url}${separator}ticket=${encodeURIComponent(ticket)}`;
    const link: Link = await Link.open(
      this.#ports.openSocket(url),
      (notification) => this.#topics.take(notification),
      () => this.#ended(link),
      this.#now,
    );
    try {
      const hello = (await link.call('hello')) as HelloResult;
      const skewMs = Date.parse(hello.server_time) - this.#now();
      this.#ports.skew(skewMs);
      const expiresAt = Date.parse(hello.expires_at) - skewMs;
      const missed = await this.#topics.bringUp(link);
      if (run !== this.#run) throw new ApiError('closed', 'Superseded.');
      this.#link = link;
      // A screen may have subscribed while the others were brought up.
      this.#topics.bringUp(link).catch(() => link.close());
      this.#openedAt = this.#now();
      this.#rotateAt = Math.min(this.#openedAt + ROTATE_MS, expiresAt - TOKEN_MARGIN_MS);
      if (this.#rotateAt < this.#openedAt + 5_000) this.#rotateAt = this.#openedAt + ROTATE_MS;
      return missed;
    } catch (error) {
      link.close();
      throw error;
    }
  }

  #ended(link: Link): void {
    if (link !== this.#link) return;
    this.#heardAt = link.heardAt;
    this.#link = undefined;
    this.#isPinging = false;
    if (this.#watchTimer === undefined) return;
    if (!this.#ports.isOnline()) return this.#setStatus({ kind: 'offline' });
    // A connection that ended at once counts as a failed try, so that a flapping server is not hammered.
    this.#failures = this.#now() - this.#openedAt < 5_000 ? this.#failures + 1 : 0;
    this.#retry();
  }

  async #ping(link: Link): Promise<void> {
    if (this.#isPinging) return;
    this.#isPinging = true;
    try {
      const { heads } = (await link.call('ping')) as PingResult;
      this.#topics.takeHeads(heads);
    } catch {
      // The watch notices the silence.
    } finally {
      this.#isPinging = false;
    }
  }

  /** Once a second: pings when it is quiet, greys out when it stays quiet, gives up when it is dead. */
  #watch(): void {
    const link = this.#link;
    if (!link) return;
    const now = this.#now();
    const quietMs = now - link.heardAt;
    const isVisible = this.#ports.isVisible();
    if (now >= this.#rotateAt) void this.rotate();
    if (quietMs >= (isVisible ? QUIET_MS : HIDDEN_QUIET_MS)) void this.#ping(link);
    if (isVisible && quietMs >= DEAD_MS && this.#status.kind === 'stale') return link.close();
    const isStale = isVisible && quietMs >= STALE_MS;
    if (isStale && this.#status.kind === 'live')
      this.#setStatus({ kind: 'stale', since: link.heardAt });
    if (!isStale && this.#status.kind === 'stale') this.#setStatus({ kind: 'live' });
  }
}
