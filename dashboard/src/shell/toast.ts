export interface Toast {
  id: number;
  kind: 'done' | 'failed';
  text: string;
}

const SHOWN_MAX = 4;
const DONE_MS = 5_000;
const FAILED_MS = 12_000;

/** Short messages at the edge of the page, each gone after a while. */
export class Toasts {
  readonly #listeners = new Set<() => void>();
  #list: readonly Toast[] = [];
  #nextId = 1;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly list = (): readonly Toast[] => this.#list;

  say(kind: Toast['kind'], text: string): void {
    const toast = { id: this.#nextId++, kind, text };
    this.#change([...this.#list, toast].slice(-SHOWN_MAX));
    setTimeout(() => this.dismiss(toast.id), kind === 'done' ? DONE_MS : FAILED_MS);
  }

  dismiss(id: number): void {
    this.#change(this.#list.filter((toast) => toast.id !== id));
  }

  #change(list: readonly Toast[]): void {
    this.#list = list;
    for (const listener of this.#listeners) listener();
  }
}
