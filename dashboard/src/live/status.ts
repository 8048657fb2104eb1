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

/** Whether what is shown may be older than it seems. */
export function isOld(status: LiveStatus): boolean {
  return status.kind !== 'live' && status.kind !== 'polling' && status.kind !== 'connecting';
}

/** The state in a few words for the header. */
export function statusWords(status: LiveStatus, now: number): string {
  switch (status.kind) {
    case 'connecting':
      return 'Connecting';
    case 'live':
      return 'Live';
    case 'stale':
      return `No news for ${seconds(now - status.since)} s`;
    case 'reconnecting':
      return `Reconnecting (try ${status.attempt}${inSeconds(status.at - now)})`;
    case 'polling':
      return 'Polling every 5 s';
    case 'offline':
      return 'Offline';
    case 'session_expired':
      return 'Session expired';
  }
}

/** The same at length, as the tooltip. */
export function statusDetail(status: LiveStatus, now: number): string {
  switch (status.kind) {
    case 'connecting':
      return 'The live connection is being opened.';
    case 'live':
      return 'Changes arrive as they happen.';
    case 'stale':
      return 'The connection is open, but the server is silent. What you see may be old.';
    case 'reconnecting':
      return 'The live connection broke. What you see may be old until it is back.';
    case 'polling':
      return `The live connection cannot be opened; alerts are read every 5 s instead. Next try${inSeconds(status.at - now) || ' now'}.`;
    case 'offline':
      return 'This device has no network. What you see is the last known state.';
    case 'session_expired':
      return 'Sign in again to go on. What you see is the last known state.';
  }
}

function seconds(ms: number): number {
  return Math.max(0, Math.round(ms / 1000));
}

function inSeconds(ms: number): string {
  return ms > 500 ? `, in ${seconds(ms)} s` : '';
}
