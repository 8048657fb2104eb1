/** One small fault put into one file. */
export interface Mutant {
  /** Path within the repository. */
  file: string;
  /** 1-based. */
  line: number;
  /** Name of the function or constant around it; empty at the top of the file. */
  within: string;
  /** Which fault, in words that stay the same. */
  what: string;
  /** The text that is replaced, and what stands there instead. */
  before: string;
  after: string;
  /** Offset of `before` in the file, in UTF-16 units. */
  start: number;
}

/** The file's text with the mutant in it. */
export function applyMutant(text: string, { start, before, after }: Mutant): string {
  return text.slice(0, start) + after + text.slice(start + before.length);
}

/** What an operator answers for one node. */
export interface Edit {
  what: string;
  start: number;
  end: number;
  after: string;
}
