/** Receivers that can be made to misbehave. */
export type Receiver = 'slack' | 'pagerduty' | 'webhook';

/** How a receiver misbehaves. Without `remaining` it does so until the fault is taken away. */
export interface ReceiverFault {
  /** Answers left that show the fault. */
  remaining?: number;
  status?: number;
  /** For example `retry-after`. */
  headers?: Record<string, string>;
  body?: string;
  /** Real milliseconds before the answer. */
  delayMs?: number;
  /** Cuts the connection instead of answering. */
  reset?: boolean;
  /** Takes the message in as usual and only then misbehaves: the answer is lost, not the message. */
  accept?: boolean;
}

/** Thrown where no answer may be sent: whoever owns the socket destroys it. */
export class ConnectionReset extends Error {
  constructor() {
    super('the receiver cut the connection');
    this.name = 'ConnectionReset';
  }
}

/** Faults by receiver (`slack`) or by one address of it (`slack/ops`); the narrower one wins. */
export class FaultBoard {
  readonly #faults = new Map<string, ReceiverFault>();

  set(receiver: Receiver | `${Receiver}/${string}`, fault: ReceiverFault | undefined): void {
    if (fault) this.#faults.set(receiver, { ...fault });
    else this.#faults.delete(receiver);
  }

  /** The fault to show for this request, counted down. */
  take(receiver: Receiver, id: string): ReceiverFault | undefined {
    const name = this.#faults.has(`${receiver}/${id}`) ? `${receiver}/${id}` : receiver;
    const fault = this.#faults.get(name);
    if (!fault || fault.remaining === undefined) return fault;
    if (fault.remaining <= 0) return undefined;
    fault.remaining -= 1;
    return fault;
  }
}
