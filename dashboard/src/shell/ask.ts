/** A question before something is done. */
export interface Ask {
  title: string;
  text: string;
  /** The verb on the button. */
  verb: string;
  isDanger?: boolean;
  onConfirm: () => Promise<unknown> | void;
}

/** The question that is asked now; the frame shows it, so whoever asks may go away meanwhile. */
export class Asks {
  readonly #listeners = new Set<() => void>();
  #current: Ask | undefined;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly current = (): Ask | undefined => this.#current;

  ask(ask: Ask): void {
    this.#change(ask);
  }

  close(): void {
    this.#change(undefined);
  }

  #change(ask: Ask | undefined): void {
    this.#current = ask;
    for (const listener of this.#listeners) listener();
  }
}
