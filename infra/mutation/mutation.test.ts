import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { checkMutants } from './check-mutants.ts';
import { readEquivalents, sortOut } from './equivalent.ts';
import { applyMutant } from './mutant.ts';
import { mutate } from './mutate.ts';
import { PROTOCOL_FILES } from './protocol-files.ts';
import { reportText, scoreOf } from './report.ts';
import { sample } from './sample.ts';
import { linkPackages } from './tree.ts';

const ROOT = join(import.meta.dirname, '../..');
const FILE = 'till.ts';
const TEXT = `
export function take(amount: number, open: boolean): { amount: number } | undefined {
  if (!open || amount < 0) throw new Error('closed');
  return amount === 0 ? undefined : { amount };
}
export async function pay(till: { put(n: number): Promise<void>; ring(): Promise<void> }) {
  await till.put(1);
  await till.ring();
}
export const changed = (row: { revision: number }) => ({ ...row, revision: row.revision + 1 });
export const commit = (row: object) => [{ kind: 'alert', row, expected: 3 }, ...[]];
export function spin(n: number): void {
  while (n > 0) n = n - 1;
}
export function forgotten(): never {
  throw new Error('nobody calls this');
}
`;
const TEST = `
import { expect, it } from 'vitest';
import { pay, spin, take } from './till.ts';
it('takes what is paid', () => {
  expect(take(3, true)).toEqual({ amount: 3 });
  expect(() => take(3, false)).toThrow('closed');
  expect(() => take(-1, true)).toThrow('closed');
});
it('rings after it was put in', async () => {
  const heard: string[] = [];
  await pay({ put: async () => void heard.push('put'), ring: async () => void heard.push('ring') });
  expect(heard).toEqual(['put', 'ring']);
});
it('comes to an end', () => expect(spin(2)).toBeUndefined());
`;

const mutants = mutate(FILE, TEXT);
const shown = (from: typeof mutants) =>
  from.map(
    ({ within, what, before }) => `${within}: ${what}: ${before.replaceAll(/\s+/g, ' ').trim()}`,
  );

describe('the mutator', () => {
  it('finds each fault it knows, once, where it stands', () => {
    expect(shown(mutants)).toEqual([
      'take: condition always true: !open || amount < 0',
      'take: left side of || dropped: !open || amount < 0',
      'take: right side of || dropped: !open || amount < 0',
      'take: < became <=: amount < 0',
      "take: throw removed: throw new Error('closed');",
      'take: condition always true: amount === 0',
      'take: condition always false: amount === 0',
      'pay: order of two steps swapped: await till.put(1); await till.ring();',
      'pay: awaited call removed: await till.put(1);',
      'pay: error swallowed: await till.put(1);',
      'pay: awaited call removed: await till.ring();',
      'pay: error swallowed: await till.ring();',
      'changed: field dropped: , revision: row.revision + 1',
      "commit: element dropped: { kind: 'alert', row, expected: 3 },",
      'commit: expectation wrong: 3',
      'commit: element dropped: , ...[]',
      'spin: condition always false: n > 0',
      'spin: > became >=: n > 0',
      'spin: assignment removed: n = n - 1;',
      "forgotten: throw removed: throw new Error('nobody calls this');",
    ]);
    expect(mutants.map(({ line }) => line).slice(0, 5)).toEqual([3, 3, 3, 3, 3]);
  });

  it('puts exactly one fault into the text', () => {
    const [first] = mutants;
    expect(applyMutant(TEXT, first!)).toBe(TEXT.replace('!open || amount < 0', 'true'));
  });

  it('takes the same sample for the same seed', () => {
    const taken = sample(mutants, 5, 7);
    expect(taken).toHaveLength(5);
    expect(sample(mutants, 5, 7)).toEqual(taken);
    expect(sample(mutants, 5, 8)).not.toEqual(taken);
  });

  it('knows only protocol files that exist', () => {
    expect(new Set(PROTOCOL_FILES).size).toBe(PROTOCOL_FILES.length);
    for (const { file } of readEquivalents()) expect(PROTOCOL_FILES).toContain(file);
  });
});

describe('a run', () => {
  const tree = mkdtempSync(join(tmpdir(), 'sentry-mutation-'));
  afterAll(() => rmSync(tree, { recursive: true, force: true }));

  it('tells the killed from those that survived, and from those no test reaches', async () => {
    writeFileSync(join(tree, FILE), TEXT);
    writeFileSync(join(tree, 'till.test.ts'), TEST);
    linkPackages(ROOT, tree);
    const chosen = mutants.filter(
      ({ what, within }) =>
        ['left side of || dropped', 'order of two steps swapped', '< became <='].includes(what) ||
        within === 'forgotten',
    );
    const report = await checkMutants({
      tree,
      all: mutants,
      chosen,
      tests: ['till.test.ts'],
      equivalents: [],
      jobs: 1,
      budgetMs: 60_000,
      progress: () => undefined,
    });
    expect(report.broken).toEqual([]);
    expect(report.judged.map(({ what, fate, by }) => ({ what, fate, by }))).toEqual([
      { what: 'left side of || dropped', fate: 'killed', by: 'till.test.ts › takes what is paid' },
      { what: '< became <=', fate: 'survived' },
      {
        what: 'order of two steps swapped',
        fate: 'killed',
        by: 'till.test.ts › rings after it was put in',
      },
      { what: 'throw removed', fate: 'unreached' },
    ]);
    expect(scoreOf(report)).toBe(0.5);
    expect(reportText(report, 0.95)).toContain('till.ts:3 take: < became <=');
  });
});

describe('the list of equivalents', () => {
  const [first, second] = mutants;
  const entry = { ...first!, because: 'nobody can tell the difference' };

  it('takes a survivor out of the score, wherever its line has moved', () => {
    const moved = {
      ...first!,
      line: 99,
      before: '!open  ||\n amount < 0',
      fate: 'survived',
    } as const;
    const sorted = sortOut([moved, { ...second!, fate: 'survived' }], mutants, [entry]);
    expect(sorted.equivalent).toEqual([moved]);
    expect(sorted.survivors.map(({ what }) => what)).toEqual([second!.what]);
  });

  it('is told of entries that no mutant bears, and of those a test has refuted', () => {
    const stale = { ...entry, before: 'gone' };
    const sorted = sortOut([{ ...first!, fate: 'killed' }], mutants, [entry, stale]);
    expect(sorted.stale).toEqual([stale]);
    expect(sorted.refuted).toEqual([entry]);
  });
});
