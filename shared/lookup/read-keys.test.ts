import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readCsv } from './read-csv.ts';
import { readKeys } from './read-keys.ts';
import { KEY_CHARS_MAX, LOOKUP_BYTES_MAX, LOOKUP_KEYS_MAX } from './schema.ts';

const json = (value: unknown) =>
  readKeys(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)), { csv: false });
const csv = (text: string, column?: string) => readKeys(Buffer.from(text), { csv: true, column });

describe('keys of a table', () => {
  it('are the strings and numbers of an array, sorted, none twice', () => {
    expect(json(['b', 'a', 42, '42', 'b', 1.5])).toEqual(['1.5', '42', 'a', 'b']);
  });

  it('are the names of an object, whatever is below them', () => {
    expect(json('{"ada":{"team":1},"__proto__":2,"constructor":3}')).toEqual([
      '__proto__',
      'ada',
      'constructor',
    ]);
  });

  it('are kept as they are: case, spaces and composition tell them apart', () => {
    expect(json(['\u00c9', 'E\u0301', 'e', 'E', ' e'])).toHaveLength(5);
  });

  it('are the first column of a CSV file, or the one named', () => {
    const text = '\ufeffuser,team\r\nada,red\r\n\r\n"bo, jr","a ""quoted""\nteam"\r\n';
    expect(csv(text)).toEqual(['ada', 'bo, jr']);
    expect(csv(text, 'team')).toEqual(['a "quoted"\nteam', 'red']);
    expect(csv('user\nada')).toEqual(['ada']);
  });

  it.each([
    ['no JSON', () => json('user\nada'), 'is it text/csv?'],
    ['a lone value', () => json('"ada"'), 'a JSON array of keys'],
    ['a list in the list', () => json([['a']]), 'At [0]: a key is a string or a number'],
    ['true', () => json(['a', true]), 'At [1]'],
    ['an empty key', () => json(['a', '']), 'At [1]: a key is not empty'],
    ['a key too long', () => json(['x'.repeat(KEY_CHARS_MAX + 1)]), 'at most 1024 characters'],
    ['nothing', () => json([]), 'at least one key'],
    ['an empty file', () => csv(''), 'at least one key'],
    ['names only', () => csv('user,team\n'), 'at least one key'],
    ['depth', () => json(`${'['.repeat(99)}${']'.repeat(99)}`), 'nests deeper than 32'],
    ['another column', () => csv('user,team\na,b', 'mail'), 'there is "user", "team"'],
    ['a short row', () => csv('user,team\na,b\nc', 'team'), 'At row 3: a key is not empty'],
    ['an open quote', () => csv('user\n"ada'), 'row 2: a quoted cell has no end'],
    ['text after a quote', () => csv('user\n"a"b'), 'row 2: text after the closing quote'],
  ])('%s: refused, saying where', (_name, read, message) => {
    expect(read).toThrow(message);
  });

  it('no UTF-8, too many keys and too many bytes are refused', () => {
    expect(() => readKeys(Uint8Array.of(0x5b, 0xff), { csv: false })).toThrow('UTF-8');
    const keys = Array.from({ length: LOOKUP_KEYS_MAX + 1 }, (_, at) => at);
    expect(() => json(keys)).toThrow('at most 10000 keys, not 10001');
    expect(json(keys.slice(1))).toHaveLength(LOOKUP_KEYS_MAX);
    expect(() => readKeys(Buffer.alloc(LOOKUP_BYTES_MAX + 1, 0x20), { csv: false })).toThrow(
      expect.objectContaining({ code: 'too_large' }) as Error,
    );
  });

  it('keys that would grow beyond one commit are refused', () => {
    const rows = Array.from({ length: 1_000 }, (_, at) => `${'\u0001'.repeat(1_000)}${at}`);
    expect(() => csv(`key\n${rows.join('\n')}`)).toThrow(
      expect.objectContaining({ code: 'too_large' }) as Error,
    );
  });

  it('a CSV file gives back the cells it was written from', () => {
    const cell = fc.oneof(fc.string(), fc.constantFrom('', ',', '"', '\n', '\r\n', 'a"b', ' x '));
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 5 });
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(rows, fc.constantFrom('\n', '\r\n'), (table, end) => {
        const text = table.map((row) => row.map(quoted).join(',') + end).join('');
        expect(readCsv(text)).toEqual(table);
      }),
    );
  });
});
