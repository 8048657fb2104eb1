export interface Toast {
  id: number;
  kind: 'done' | 'failed';
  text: string;
  undo?: () => void;
}

const SHOWN_MAX = 4;
const DONE_MS = 5_000;
const UNDO_MS = 8_000;
const FAILED_MS = 12_000;

/** Short messages at the edge of the page, each gone after a while, unless somebody is at it. */
export class Toasts {
  readonly #listeners = new Set<() => void>();
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();
  #list: readonly Toast[] = [];
  #nextId = 1;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly list = (): readonly Toast[] => this.#list;

  /** Shows a message; with `undo` there is a button for it, for 8 s. Returns the way to take it away. */
  say(kind: Toast['kind'], text: string, undo?: () => void): () => void {
    const toast = { id: this.#nextId++, kind, text, ...(undo && { undo }) };
    const list = [...this.#list, toast];
    for (const { id } of list.slice(0, -SHOWN_MAX)) this.#stop(id);
    this.#change(list.slice(-SHOWN_MAX));
    this.resume(toast.id);
    return () => this.dismiss(toast.id);
  }

  /** While somebody points at a message, or has the focus in it, it stays. */
  pause(id: number): void {
    this.#stop(id);
  }

  /** Its time begins (anew). */
  resume(id: number): void {
    this.#stop(id);
    const toast = this.#list.find((one) => one.id === id);
    if (!toast) return;
    const shownMs = toast.kind === 'failed' ? FAILED_MS : toast.undo ? UNDO_MS : DONE_MS;
    this.#timers.set(
      id,
      setTimeout(() => this.dismiss(id), shownMs),
    );
  }

  dismiss(id: number): void {
    this.#stop(id);
    this.#change(this.#list.filter((toast) => toast.id !== id));
  }

  #stop(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  #change(list: readonly Toast[]): void {
    this.#list = list;
    for (const listener of this.#listeners) listener();
  }
}
