import type { SourceRecord } from '#infra/local/service.ts';

/** Records of a shard in reading order, and up to which one all are finished. */
export class Progress {
  #open: SourceRecord[] = [];
  #head = 0;
  readonly #finished = new Set<SourceRecord>();

  add(record: SourceRecord): void {
    this.#open.push(record);
  }

  finish(records: readonly SourceRecord[]): void {
    for (const record of records) this.#finished.add(record);
  }

  /** The oldest record not finished. */
  get oldest(): SourceRecord | undefined {
    return this.#open[this.#head];
  }

  get length(): number {
    return this.#open.length - this.#head;
  }

  /** Passes everything finished without a gap; the last sequence number passed, if any was. */
  advance(): string | undefined {
    let passed: SourceRecord | undefined;
    while (this.#head < this.#open.length && this.#finished.delete(this.#open[this.#head]!)) {
      passed = this.#open[this.#head];
      this.#head += 1;
    }
    if (this.#head > 1024 || this.#head === this.#open.length) {
      this.#open = this.#open.slice(this.#head);
      this.#head = 0;
    }
    return passed?.sequenceNumber;
  }
}
