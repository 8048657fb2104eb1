/** Why an expression is refused; never leaves this folder. */
export class RegexFault extends Error {}

/** Walks an expression by code point. */
export class Reader {
  readonly #chars: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#chars = Array.from(text);
  }

  /** The code point `ahead` of the next one; undefined past the end. */
  peek(ahead = 0): string | undefined {
    return this.#chars[this.#at + ahead];
  }

  take(): string | undefined {
    return this.#chars[this.#at++];
  }

  /** Goes past the text where it stands here, and says whether it did. */
  skip(text: string): boolean {
    for (let ahead = 0; ahead < text.length; ahead++)
      if (this.peek(ahead) !== text[ahead]) return false;
    this.#at += text.length;
    return true;
  }

  /** The digits, commas and braces of `{2,5}` where they stand here; goes past them. */
  takeCount(): [min: string, comma: string, max: string] | undefined {
    const ahead = this.#chars.slice(this.#at, this.#at + 14).join('');
    const count = /^\{(\d*)(,?)(\d*)\}/.exec(ahead);
    if (count === null || count[0] === '{}') return undefined;
    this.#at += count[0].length;
    return [count[1]!, count[2]!, count[3]!];
  }

  /** Throws: what is wrong, and where the reader stands. */
  refuse(message: string): never {
    throw new RegexFault(`${message} (at position ${Math.min(this.#at, this.#chars.length)})`);
  }
}
