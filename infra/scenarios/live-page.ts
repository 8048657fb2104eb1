import WebSocket from 'ws';

import { AlertStore } from '#dashboard/alert/store.ts';
import { readActive } from '#dashboard/alert/read-active.ts';
import { createCall } from '#dashboard/api/call.ts';
import { type Call, createHttpCall } from '#dashboard/api/http.ts';
import { LiveClient } from '#dashboard/live/client.ts';
import type { Instance } from '#infra/local/instance.ts';

/** The dashboard's own live connection and store, as one page open at a local instance holds them. */
export interface LivePage {
  live: LiveClient;
  store: AlertStore;
  /** The API as the page calls it: over the socket while there is one. */
  call: Call;
  /** And by HTTP alone, whatever becomes of the socket. */
  http: Call;
  /** How often the page took a whole snapshot, and the parts that long ones came in. */
  snapshots(this: void): number;
  parts(this: void): number;
  /** Sockets opened so far; those open now. */
  opened(this: void): number;
  open(this: void): number;
  /** Largest message that came, bytes. */
  largest(this: void): number;
  /** Alerts announced as new, each with the episode it began. */
  announced: string[];
  /** What “missed n” said, each time. */
  missed: number[];
  /** Every state the connection was in, without repetitions. */
  statuses: string[];
  /** Breaks the connection as a network does: no close frame, no word. */
  cut(this: void): void;
  /** What the browser says of its network, and of whether anybody looks. */
  network(isOnline: boolean): void;
  look(isVisible: boolean): void;
  close(): void;
}

/** Opens a page for a demo person; the device's clock is the instance's. */
export function openLivePage(instance: Instance, user: string, random: () => number): LivePage {
  let token: string | undefined;
  let [isOnline, isVisible] = [true, true];
  let [snapshots, parts, opened, largest] = [0, 0, 0, 0];
  const sockets = new Set<WebSocket>();
  const [announced, missed, statuses]: [string[], number[], string[]] = [[], [], []];
  const store = new AlertStore();
  const renew = async () => {
    token = (await instance.oidc.issueToken(user))?.access_token;
    return token !== undefined;
  };
  const http = createHttpCall(instance.url, { accessToken: () => token, renew }, () =>
    crypto.randomUUID(),
  );
  const live = new LiveClient({
    url: `${instance.url.replace('http', 'ws')}/live`,
    openSocket(url) {
      const socket = new WebSocket(url);
      opened += 1;
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
      socket.on('message', (data: Buffer) => {
        largest = Math.max(largest, data.length);
        if (data.subarray(0, 64).includes('"method":"snapshot"')) parts += 1;
      });
      return socket;
    },
    async ticket() {
      // A session renews its token before it ends.
      await renew();
      return (await http('live.ticket', {})).ticket;
    },
    poll: () => readActive(http, store),
    caughtUp: (count) => void missed.push(count),
    skew: () => undefined,
    isOnline: () => isOnline,
    isVisible: () => isVisible,
    random,
    now: () => instance.clock.now(),
  });
  store.onOpened((alerts) =>
    announced.push(
      ...alerts.map(
        ({ alert_id, episode, reopened_at = '' }) => `${alert_id} ${episode} ${reopened_at}`,
      ),
    ),
  );
  live.onStatus(() => {
    const { kind } = live.status();
    if (statuses.at(-1) !== kind) statuses.push(kind);
  });
  live.subscribe(
    'alerts',
    {},
    {
      snapshot(items, isTruncated) {
        snapshots += 1;
        return store.snapshot(items, isTruncated);
      },
      merge: (items) => store.merge(items),
    },
  );
  live.start();
  return {
    live,
    store,
    call: createCall(http, live),
    http,
    snapshots: () => snapshots,
    parts: () => parts,
    opened: () => opened,
    open: () => sockets.size,
    largest: () => largest,
    announced,
    missed,
    statuses,
    cut() {
      for (const socket of sockets) socket.terminate();
    },
    network(now) {
      isOnline = now;
      live.wake();
    },
    look(now) {
      isVisible = now;
      live.wake();
    },
    close() {
      live.stop();
      for (const socket of sockets) socket.terminate();
    },
  };
}
