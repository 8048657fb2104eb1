/** How fresh what the page shows is. Times in ms since the epoch. */
export type LiveStatus =
  | { kind: 'connecting' }
  | { kind: 'live' }
  /** Connected, yet nothing was heard since then. */
  | { kind: 'stale'; since: number }
  | { kind: 'reconnecting'; attempt: number; at: number }
  /** The socket keeps failing; the list is read over HTTP every five seconds. */
  | { kind: 'polling'; attempt: number; at: number }
  | { kind: 'offline' }
  | { kind: 'session_expired' };

/** Silence after which what is shown turns grey. */
const OLD_MS = 15_000;

/** Whether what is shown may be older than it seems: nothing was heard for so long, and nothing else tells. */
export function isOld(status: LiveStatus, heardAt: number, now: number): boolean {
  const { kind } = status;
  if (kind === 'live' || kind === 'polling' || kind === 'connecting') return false;
  return now - heardAt >= OLD_MS;
}

/** The state in a few words for the header. */
export function statusWords(status: LiveStatus, now: number): string {
  if (status.kind === 'stale') return `No news for ${seconds(now - status.since)} s`;
  if (status.kind === 'reconnecting')
    return `Reconnecting (try ${status.attempt}${inSeconds(status.at - now)})`;
  return WORDS[status.kind];
}

const WORDS = {
  connecting: 'Connecting',
  live: 'Live',
  polling: 'Polling every 5 s',
  offline: 'Offline',
  session_expired: 'Session expired',
} as const;

/** The same at length, as the tooltip. */
export function statusDetail(status: LiveStatus, now: number): string {
  if (status.kind !== 'polling') return DETAILS[status.kind];
  const next = inSeconds(status.at - now) || ' now';
  return `The live connection cannot be opened; alerts are read every 5 s instead. Next try${next}.`;
}

const DETAILS = {
  connecting: 'The live connection is being opened.',
  live: 'Changes arrive as they happen.',
  stale: 'The connection is open, but the server is silent. What you see may be old.',
  reconnecting: 'The live connection broke. What you see may be old until it is back.',
  offline: 'This device has no network. What you see is the last known state.',
  session_expired: 'Sign in again to go on. What you see is the last known state.',
} as const;

function seconds(ms: number): number {
  return Math.max(0, Math.round(ms / 1000));
}

function inSeconds(ms: number): string {
  return ms > 500 ? `, in ${seconds(ms)} s` : '';
}
