const PER_LINE = 16;

/** Base64 as bytes. */
export function decodeBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (letter) => letter.codePointAt(0)!);
}

/** The classic view: offset, sixteen bytes in hex, the printable ones as letters; cut at `bytesMax`. */
export function hexDump(bytes: Uint8Array, bytesMax: number): string {
  const lines: string[] = [];
  const end = Math.min(bytes.length, bytesMax);
  for (let start = 0; start < end; start += PER_LINE) {
    const line = [...bytes.subarray(start, Math.min(start + PER_LINE, end))];
    const hex = line.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const letters = line
      .map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCodePoint(byte) : '·'))
      .join('');
    const offset = start.toString(16).padStart(6, '0');
    lines.push(`${offset}  ${hex.padEnd(PER_LINE * 3 - 1)}  ${letters}`);
  }
  return lines.join('\n');
}

/** The bytes as text, when they are UTF-8. */
export function asText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The bytes as text with what is no text as escapes: `\xff`. Lines and tabs stay. */
export function escapedText(bytes: Uint8Array, bytesMax: number): string {
  const shown = bytes.subarray(0, bytesMax);
  const text = asText(shown);
  if (text !== undefined) return showControls(text);
  let escaped = '';
  for (const byte of shown)
    escaped +=
      (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x09
        ? String.fromCodePoint(byte)
        : `\\x${byte.toString(16).padStart(2, '0')}`;
  return escaped;
}

function showControls(text: string): string {
  return text.replace(
    // oxlint-disable-next-line no-control-regex
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g,
    (letter) => `\\x${letter.codePointAt(0)!.toString(16).padStart(2, '0')}`,
  );
}
