import { seededChance } from '#infra/simulator/random.ts';

/** Regular expressions that backtracking engines, or tables of all their states, do not come back from. */
export const HOSTILE_REGEXES: readonly string[] = [
  '(a+)+$',
  '(a|a)*b',
  '(a|aa)+$',
  '(a|b)*a(a|b){12}',
  '(a|b)*a(a|b){12}$',
  '(a|b)*a(a|b){100}$',
  '(a|b)*a(a|b){205}$',
  '.*.*.*x$',
  '(x+x+)+y',
  '(x+x+)+y$',
  '((a{0,30}){0,30}){0,30}',
  '[ab]{200}c$',
  '[ab]{500}c',
  '(a?){100}a{100}$',
  '(.*a){8}$',
  '(.*a){20}$',
  '(.*){10}[ab]{3}$',
  '(a.{10}){1,19}b$',
  '(a.{10}){1,15}b$',
  '(a.{9}|b.{9})*c$',
  '([ab]*a[ab]{20}b|[ab]*b[ab]{30}a){2}$',
  '(?s)(.{1,3}[ab]){18}$',
  '(ab|ba|aab|bba|abab){1,9}[^ab]$',
  '(\\b\\w+\\b.?)*z\\b$',
  '(\\b.{2}\\b){12}$',
  '(?i)(a|b|ab|ba)*[^abc]{1,40}c$',
  '[абв]([а-я].){50}$',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
  '(\\w+\\s*)+:$',
  '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}$',
  '\\s+$',
  '(?:a{1,60}b{1,60}){1}[^b]$',
];

/** Wildcards whose parts are found again and again, or nearly. */
export const HOSTILE_WILDCARDS: readonly string[] = [
  '*a*a*a*a*b',
  `*${'a*'.repeat(2_000)}b`,
  `*${'a'.repeat(31)}b*${'a'.repeat(31)}c*`,
  `*${'a'.repeat(4_000)}b*`,
  `*${'ab'.repeat(1_000)}a*`,
  `*${'a*b*'.repeat(500)}x`,
];

/** Texts of 64 KB to run them on. */
export function hostileTexts(seed: number): { name: string; text: string }[] {
  const chance = seededChance(seed);
  const size = 65_536;
  const of = (letters: string) => {
    const all = Array.from(letters);
    return Array.from({ length: size }, () => chance.pick(all)).join('');
  };
  const texts = {
    'one letter': 'a'.repeat(size),
    'one other letter': 'x'.repeat(size),
    'two letters at random': of('ab'),
    'mostly one letter': of('aaaaaaab'),
    'words at random': of('abcxyz019 .-:\n'),
    'Cyrillic at random': of('абвгдеabё '),
    spaces: ' '.repeat(size),
    'digits and dots': of('0125.'),
    'pairs of surrogates': '🦉a'.repeat(size / 2),
    'any characters': Array.from({ length: size }, () =>
      String.fromCharCode(Math.floor(chance.between(0, 65_536))),
    ).join(''),
  };
  // What every match must have stands at the front, so that no search is spared.
  return Object.entries(texts).map(([name, text]) => ({
    name,
    text: `cbyx:.${text}`.slice(0, size - 1) + '~',
  }));
}
