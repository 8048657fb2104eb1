/** Places tried when choosing which characters of a text tell it from the others, from either end. */
const PLACES_TRIED = 16;
const PLACES_MAX = 3;
/** So many texts are looked at when choosing. */
const SAMPLE = 64;

/**
 * Texts and what each stands for, found by the length and a few characters that tell them apart
 * best: most texts that are not here are turned away without reading the whole of them.
 */
export class TextTable<Found> {
  readonly #texts: string[] = [];
  readonly #found: Found[] = [];
  /** Number of the last text of a bucket, or −1. */
  #last = new Int32Array(0);
  /** Number of the text before in the same bucket, or −1. */
  #before = new Int32Array(0);
  #first = 0;
  #second = 0;
  #third = 0;

  add(text: string, found: Found): void {
    this.#texts.push(text);
    this.#found.push(found);
    this.#last = new Int32Array(0);
  }

  get(text: string): Found | undefined {
    if (this.#last.length === 0) this.#build();
    for (
      let at = this.#last[this.#hash(text) & (this.#last.length - 1)]!;
      at >= 0;
      at = this.#before[at]!
    )
      if (this.#texts[at] === text) return this.#found[at];
    return undefined;
  }

  #hash(text: string): number {
    const { length } = text;
    return (
      length +
      3 * charAt(text, length, this.#first) +
      37 * charAt(text, length, this.#second) +
      431 * charAt(text, length, this.#third)
    );
  }

  #build(): void {
    const texts = this.#texts;
    [this.#first = 0, this.#second = 0, this.#third = 0] = telling(texts);
    this.#last = new Int32Array(2 ** Math.ceil(Math.log2(texts.length * 4))).fill(-1);
    this.#before = new Int32Array(texts.length);
    for (const [at, text] of texts.entries()) {
      const bucket = this.#hash(text) & (this.#last.length - 1);
      this.#before[at] = this.#last[bucket]!;
      this.#last[bucket] = at;
    }
  }
}

function charAt(text: string, length: number, place: number): number {
  const at = place < 0 ? length + place : place;
  return at >= 0 && at < length ? text.charCodeAt(at) : 0;
}

/** The places whose characters, taken one more at a time, leave the fewest texts alike. */
function telling(texts: readonly string[]): number[] {
  const step = Math.ceil(texts.length / SAMPLE);
  const sample = texts.filter((_, at) => at % step === 0);
  let keys = sample.map(({ length }) => String(length));
  const places: number[] = [];
  let most = new Set(keys).size;
  while (places.length < PLACES_MAX && most < sample.length) {
    let best: { place: number; keys: string[] } | undefined;
    for (let place = -PLACES_TRIED; place < PLACES_TRIED; place++) {
      const tried = keys.map(
        (key, at) => key + ',' + charAt(sample[at]!, sample[at]!.length, place),
      );
      const different = new Set(tried).size;
      if (different > most) [best, most] = [{ place, keys: tried }, different];
    }
    if (best === undefined) break;
    places.push(best.place);
    keys = best.keys;
  }
  return places;
}
