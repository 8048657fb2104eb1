import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { buildRule, RULE_TESTS } from '#shared/testing/build-rule.ts';

import { judgeRules } from './judge-rules.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sentry-rules-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const rule = (rule_id: string, fields: object = {}) => ({
  ...buildRule({ tests: RULE_TESTS }),
  rule_id,
  ...fields,
});
function write(name: string, content: unknown): void {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  writeFileSync(join(folder, name), text);
}
const issuesOf = (runTests: boolean) =>
  judgeRules([folder], runTests).issues.map(({ file, path, message }) => [
    file.slice(folder.length + 1),
    path,
    message,
  ]);

describe('rule files', () => {
  it('of more than an import may hold are refused unread', () => {
    write('huge.json', '['.repeat(10_000_000));
    expect(issuesOf(false)).toEqual([
      ['huge.json', '', 'has 10,000,000 bytes; a file of rules has at most 4,194,304: split it'],
    ]);
  });

  it('nested without end are refused by name', () => {
    const deep = `${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`;
    write(
      'deep.json',
      JSON.stringify(rule('deep')).replace('"tests":[', `"labels":${deep},"tests":[`),
    );
    expect(issuesOf(false)).toEqual([['deep.json', 'labels', 'nests deeper than 48; flatten it']]);
  });

  it('whose rules no index can find are told what every event pays', () => {
    write('dear.json', [
      rule('dear', { pattern: { type: [{ 'anything-but': 'x' }], service: [{ exists: false }] } }),
      rule('cheap'),
    ]);
    const { warnings, issues } = judgeRules([folder], false);
    expect(issues).toEqual([]);
    expect(warnings).toEqual([
      expect.stringMatching(/^dear is not indexed: every event pays \d+(\.\d+)? µs; add /),
    ]);
  });

  it('may hold one rule, an array or an exported document, at any depth', () => {
    mkdirSync(join(folder, 'team'));
    write('one.json', rule('one'));
    write('team/list.json', [rule('two'), rule('three')]);
    const format = { format: 'hearthlink-sentry.rules', format_version: 1 };
    write('all.json', { ...format, rules: [rule('four')] });
    write('notes.txt', 'no rule');
    expect(judgeRules([folder], true)).toEqual({ rules: 4, tests: 8, issues: [], warnings: [] });
  });

  it('are named with file and path for everything that is wrong', () => {
    write('a.json', rule('a', { severity: 'LOUD' }));
    write('b.json', { rules: [rule('b'), rule('b', { titel: 'x' })], format: 'other' });
    write('c.json', '{"torn": ');
    expect(issuesOf(false)).toEqual([
      ['a.json', 'severity', expect.any(String)],
      ['b.json', 'format', 'must be "hearthlink-sentry.rules"'],
      ['b.json', 'rules[1].titel', 'a rule has no such field'],
      ['b.json', 'rules[1].rule_id', `"b" stands in ${join(folder, 'b.json')} rules[0] too`],
      ['c.json', '', expect.stringContaining('JSON')],
    ]);
  });

  it('fail with the tests that fail or are missing, drafts too, and pass a lint', () => {
    const wrong = { ...RULE_TESTS[1]!, expect: 'fires' };
    write('a.json', [rule('a', { tests: [wrong], state: 'DRAFT' })]);
    expect(issuesOf(false)).toEqual([]);
    expect(issuesOf(true)).toEqual([
      ['a.json', '[0].tests[0]', expect.stringContaining('"mild" must be fires but is quiet')],
      ['a.json', '[0].tests', expect.stringContaining('"quiet"')],
    ]);
  });

  it('must be there', () => {
    expect(() => judgeRules([join(folder, 'none')], false)).toThrow('ENOENT');
    expect(() => judgeRules([folder], false)).toThrow('No rule files');
  });
});
