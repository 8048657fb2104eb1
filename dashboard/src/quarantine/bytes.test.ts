import { describe, expect, it } from 'vitest';

import { asText, decodeBase64, escapedText, hexDump } from './bytes.ts';

describe('raw bytes', () => {
  it('show as offset, hex and letters', () => {
    const bytes = decodeBase64(Buffer.from('Sentry says: hello!\n').toString('base64'));
    expect(hexDump(bytes, 64).split('\n')).toEqual([
      '000000  53 65 6e 74 72 79 20 73 61 79 73 3a 20 68 65 6c  Sentry says: hel',
      '000010  6c 6f 21 0a                                      lo!·',
    ]);
  });

  it('are text only when they are UTF-8', () => {
    expect(asText(new TextEncoder().encode('grüß'))).toBe('grüß');
    expect(asText(Uint8Array.of(0xff, 0xfe))).toBeUndefined();
  });
});

describe('bytes as text', () => {
  it('have what is no text as escapes, and keep lines', () => {
    expect(escapedText(Uint8Array.of(0x61, 0xff, 0x00, 0x0a, 0x62), 100)).toBe('a\\xff\\x00\nb');
    expect(escapedText(new TextEncoder().encode('ü\u001b[31m\n'), 100)).toBe('ü\\x1b[31m\n');
  });

  it('are cut at the limit', () => {
    expect(escapedText(new TextEncoder().encode('abcdef'), 3)).toBe('abc');
  });
});
