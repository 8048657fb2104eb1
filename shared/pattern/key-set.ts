/**
 * The keys of a lookup table, put into a pattern in place of its name. A number is looked up by its
 * decimal text, so that 42 is found as the key "42". As JSON it is the name again: a pattern with its
 * tables in it is stored, measured and shown as its author wrote it.
 */
export class KeySet {
  readonly named: string;
  readonly #keys: ReadonlySet<string>;

  constructor(named: string, keys: Iterable<string>) {
    this.named = named;
    this.#keys = new Set(keys);
  }

  get size(): number {
    return this.#keys.size;
  }

  keys(): Iterable<string> {
    return this.#keys;
  }

  /** Strings and numbers only: true, false and null are no keys. */
  has(value: unknown): boolean {
    if (typeof value === 'string') return this.#keys.has(value);
    return typeof value === 'number' && this.#keys.has(String(value));
  }

  toJSON(): string {
    return this.named;
  }
}
