const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * True when the JSON text nests deeper than `max`, counting every `{` and `[` outside strings. A byte
 * scan, so that hostile nesting is refused before any parser or serialiser meets it.
 */
export function jsonDepthExceeds(bytes: Uint8Array, max: number): boolean {
  let depth = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte === QUOTE) i = closingQuote(bytes, i);
    else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > max) return true;
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return false;
}

/** True when a parsed value nests deeper than `max`, itself counted; looks no further than that. */
export function nestsDeeper(value: unknown, max: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (max === 0) return true;
  if (Array.isArray(value)) {
    for (const entry of value)
      if (typeof entry === 'object' && nestsDeeper(entry, max - 1)) return true;
    return false;
  }
  for (const key in value) {
    const entry = (value as Record<string, unknown>)[key];
    if (typeof entry === 'object' && nestsDeeper(entry, max - 1)) return true;
  }
  return false;
}

/** Index of the quote that ends the string starting at `start`; the length when it never ends. */
function closingQuote(bytes: Uint8Array, start: number): number {
  for (let i = start + 1; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte === BACKSLASH) i++;
    else if (byte === QUOTE) return i;
  }
  return bytes.length;
}

/**
 * The elements of a JSON array as byte ranges, without parsing them: a broken element cannot take its
 * neighbours along. Undefined when the text is no closed array.
 */
export function splitJsonArray(bytes: Uint8Array): Uint8Array[] | undefined {
  let at = 0;
  while (at < bytes.length && isSpace(bytes[at]!)) at++;
  if (bytes[at] !== 0x5b) return undefined;
  const parts: Uint8Array[] = [];
  let depth = 1;
  let start = at + 1;
  for (let i = start; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte === QUOTE) i = closingQuote(bytes, i);
    else if (byte === 0x7b || byte === 0x5b) depth++;
    else if (byte === 0x7d || byte === 0x5d) depth--;
    if (depth === 0 || (depth === 1 && byte === 0x2c)) {
      const part = trim(bytes.subarray(start, i));
      if (part.length > 0 || depth === 1) parts.push(part);
      start = i + 1;
      if (depth === 0) return trim(bytes.subarray(start)).length === 0 ? parts : undefined;
    }
  }
  return undefined;
}

/** The non-blank lines, trimmed. */
export function splitLines(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  while (start <= bytes.length) {
    const found = bytes.indexOf(0x0a, start);
    const end = found === -1 ? bytes.length : found;
    const line = trim(bytes.subarray(start, end));
    if (line.length > 0) lines.push(line);
    start = end + 1;
  }
  return lines;
}

function trim(bytes: Uint8Array): Uint8Array {
  let start = 0;
  let end = bytes.length;
  while (start < end && isSpace(bytes[start]!)) start++;
  while (end > start && isSpace(bytes[end - 1]!)) end--;
  return bytes.subarray(start, end);
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
