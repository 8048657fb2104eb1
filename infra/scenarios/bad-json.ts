/** One JSON text: `y` must parse, `n` must be refused; as the value of a payload. */
export interface JsonCase {
  name: string;
  expect: 'y' | 'n';
  bytes: Uint8Array;
}

const accepted: Readonly<Record<string, string>> = {
  'empty object': '{}',
  'empty array': '[]',
  'empty string': '""',
  'empty key': '{"":0}',
  'the same key twice': '{"a":1,"a":2}',
  'space around': ' \t\r\n [ 1 , 2 ] \n ',
  'minus zero': '-0',
  'small exponent': '1E-2',
  'exponent with plus': '1e+2',
  'huge exponent': '1e400',
  'huge negative exponent': '-1e400',
  'tiny exponent': '1e-400',
  '2^53 - 1': '9007199254740991',
  '2^53 + 1': '9007199254740993',
  'minus 2^53 - 1': '-9007199254740993',
  'hundred digits': '1'.repeat(100),
  'hundred decimals': `0.${'3'.repeat(100)}`,
  'escaped solidus': String.raw`"\/"`,
  'all short escapes': String.raw`"\b\f\n\r\t\"\\"`,
  'escaped NUL': String.raw`"\u0000"`,
  'escaped NUL as key': String.raw`{"\u0000":1}`,
  'surrogate pair': String.raw`"\uD83D\uDE00"`,
  'lone high surrogate': String.raw`"\uD800"`,
  'lone low surrogate': String.raw`"\uDFFF"`,
  'surrogates the wrong way': String.raw`"\uDE00\uD83D"`,
  'noncharacter U+FFFE': '"\uFFFE"',
  'right-to-left override': '"\u202Eabc"',
  'line separators': '"\u2028\u2029"',
  'delete character': '"\u007F"',
  'byte order mark inside': '"\uFEFF"',
  'brackets in a string': '"[[[[{{{{"',
  'escaped quote before bracket': String.raw`"\"[{\\"`,
  'depth 30': `${'['.repeat(30)}${']'.repeat(30)}`,
  literals: '[true,false,null]',
  'own __proto__': '{"__proto__":{"polluted":1}}',
  'own constructor': '{"constructor":{"prototype":{"polluted":1}}}',
  'key like an index': '{"0":1,"-1":2,"1e3":3}',
};

const refused: Readonly<Record<string, string>> = {
  nothing: '',
  'single quotes': "'a'",
  'bare word': 'abc',
  'True as Python writes it': 'True',
  undefined: 'undefined',
  NaN: 'NaN',
  Infinity: 'Infinity',
  'minus Infinity': '-Infinity',
  'leading zero': '012',
  'leading plus': '+1',
  'leading point': '.5',
  'trailing point': '1.',
  'exponent without digits': '1e',
  'two points': '1.2.3',
  hexadecimal: '0x1F',
  'digit separators': '1_000',
  'full-width digit': '\uFF11',
  'minus alone': '-',
  'trailing comma in array': '[1,]',
  'leading comma in array': '[,1]',
  'double comma': '[1,,2]',
  'trailing comma in object': '{"a":1,}',
  'colon missing': '{"a" 1}',
  'value missing': '{"a":}',
  'key without quotes': '{a:1}',
  'number as key': '{1:1}',
  'unclosed array': '[1',
  'unclosed object': '{"a":1',
  'unclosed string': '"a',
  'wrong closing': '[1}',
  'block comment': '/* x */ 1',
  'line comment': '1 // x',
  'raw tab in a string': '"\t"',
  'raw newline in a string': '"\n"',
  'raw NUL in a string': '"\u0000"',
  'raw NUL outside': '\u00001',
  'unknown escape': String.raw`"\x41"`,
  'short unicode escape': String.raw`"\u00A"`,
  'escape at the end': String.raw`"\"`,
  'no-break space': '\u00A01',
  'form feed as space': '\f1',
  'byte order mark within': '\uFEFF1',
  'depth 33': `${'['.repeat(33)}${']'.repeat(33)}`,
  'depth 7,000': `${'['.repeat(7_000)}${']'.repeat(7_000)}`,
  'depth 100,000, open': '['.repeat(100_000),
  'objects 7,000 deep': `${'{"a":'.repeat(7_000)}1${'}'.repeat(7_000)}`,
};

const badBytes: Readonly<Record<string, number[]>> = {
  'lone continuation byte': [0x80],
  'overlong slash': [0xc0, 0xaf],
  'encoded surrogate': [0xed, 0xa0, 0x80],
  'beyond U+10FFFF': [0xf4, 0x90, 0x80, 0x80],
  'truncated sequence': [0xe2, 0x82],
  'Latin-1 letter': [0xe9],
  'UTF-16 text': [0xff, 0xfe, 0x61, 0x00],
};

const quoted = (bytes: readonly number[]) => Uint8Array.from([0x22, ...bytes, 0x22]);
const asCases = (expect: 'y' | 'n', texts: Readonly<Record<string, string>>): JsonCase[] =>
  Object.entries(texts).map(([name, text]) => ({ name, expect, bytes: Buffer.from(text) }));

export const JSON_CASES: readonly JsonCase[] = [
  ...asCases('y', accepted),
  ...asCases('n', refused),
  ...Object.entries(badBytes).map(([name, bytes]): JsonCase => ({
    name,
    expect: 'n',
    bytes: quoted(bytes),
  })),
];
