/** `gone`: the connection is closed. `lost`: it may be open, but did not take the message now. */
export type PushOutcome = 'sent' | 'gone' | 'lost';

/** Sends to open WebSocket connections. Never throws: what fails is an outcome. */
export interface LivePush {
  /** `message` is JSON text of at most 128 KiB; retries a throttled push once. */
  push(connectionId: string, message: string): Promise<PushOutcome>;
  /** Closes the connection; a connection already closed is fine. */
  close(connectionId: string): Promise<void>;
}
