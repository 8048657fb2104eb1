import { gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';

import { INFLATED_BYTES_MAX } from './schema.ts';

export type Inflated =
  { kind: 'ok'; bytes: Uint8Array } | { kind: 'refused'; reason: string; detail: string };

/** Compressed in compressed is followed this far. */
const NESTING_MAX = 2;

/** Undoes gzip, zlib and zstd, recognised by their first bytes; output is capped at 10 MiB. */
export function inflate(bytes: Uint8Array): Inflated {
  let current = bytes;
  for (let level = 0; ; level++) {
    const decompress = decompressorOf(current);
    if (!decompress) return { kind: 'ok', bytes: current };
    if (level === NESTING_MAX)
      return {
        kind: 'refused',
        reason: 'compressed_too_deep',
        detail: `compressed more than ${NESTING_MAX} times`,
      };
    try {
      current = decompress(current, { maxOutputLength: INFLATED_BYTES_MAX });
    } catch (error) {
      const tooLarge = (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE';
      return tooLarge
        ? {
            kind: 'refused',
            reason: 'inflates_too_large',
            detail: `more than ${INFLATED_BYTES_MAX} bytes when inflated`,
          }
        : { kind: 'refused', reason: 'bad_compression', detail: (error as Error).message };
    }
  }
}

type Decompress = (bytes: Uint8Array, options: { maxOutputLength: number }) => Uint8Array;

function decompressorOf(bytes: Uint8Array): Decompress | undefined {
  // By index: destructuring runs the iterator, which costs as much as all else here.
  const a = bytes[0];
  if (a !== 0x1f && a !== 0x78 && a !== 0x28) return undefined;
  const b = bytes[1];
  if (a === 0x1f && b === 0x8b) return gunzipSync;
  if (a === 0x78 && (b === 0x01 || b === 0x5e || b === 0x9c || b === 0xda)) return inflateSync;
  if (a === 0x28 && b === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd) return zstdDecompressSync;
  return undefined;
}
