import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { buildRule } from '#shared/testing/build-rule.ts';

import { judgeRules } from './judge-rules.ts';
import { readLookupFolder } from './lookup-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sentry-lookups-'));
  mkdirSync(join(folder, 'rules'));
  mkdirSync(join(folder, 'lookups'));
  const event = (user: string) => ({ source: 'a', type: 'auth.login', payload: { user } });
  const rule = buildRule({
    rule_id: 'vip-login',
    pattern: { type: ['auth.login'], payload: { user: [{ lookup: 'vip-users' }] } },
    tests: [
      { name: 'a vip', expect: 'fires', events: [event('ada')] },
      { name: 'anybody', expect: 'quiet', events: [event('bob')] },
    ],
  });
  writeFileSync(join(folder, 'rules', 'vip.json'), JSON.stringify(rule));
});
afterEach(() => rmSync(folder, { recursive: true }));

const table = (name: string, text: string) => writeFileSync(join(folder, 'lookups', name), text);
const tables = () => readLookupFolder(join(folder, 'lookups'));
const judged = (runTests: boolean, given = tables()) =>
  judgeRules([join(folder, 'rules')], runTests, given);

describe('lookup tables in files', () => {
  it('are JSON or CSV by their ending, named after the file; other files are left alone', () => {
    table('vip-users.csv', 'user,team\nada,red\n');
    table('hosts.json', '{"h1":{}}');
    table('notes.txt', 'x');
    expect([...tables()].map(([name, set]) => [name, [...set.keys()]])).toEqual([
      ['hosts', ['h1']],
      ['vip-users', ['ada']],
    ]);
  });

  it('let the tests of the rules that name them run offline', () => {
    table('vip-users.json', '["ada"]');
    expect(judged(true)).toMatchObject({ tests: 2, issues: [], warnings: [] });
    table('vip-users.json', '["bob"]');
    expect(judged(true).issues.map(({ path }) => path)).toEqual(['tests[0]', 'tests[1]']);
  });

  it('that are not there are named by lint and test, with those that are', () => {
    table('hosts.json', '["h1"]');
    expect(judged(false).issues).toMatchObject([
      { path: 'pattern', message: 'there is no lookup table "vip-users"; there is hosts' },
    ]);
  });

  it('left out, lint says that it did not look, and no test passes by accident', () => {
    const paths = [join(folder, 'rules')];
    const lint = judgeRules(paths, false);
    expect(lint.issues).toEqual([]);
    expect(lint.warnings).toEqual([
      'vip-login names the lookup table "vip-users", which is not looked at: --lookups DIR',
    ]);
    expect(judgeRules(paths, true).issues.map(({ message }) => message)).toEqual([
      expect.stringContaining('no lookup table "vip-users"') as string,
      expect.stringContaining('no lookup table "vip-users"') as string,
    ]);
  });

  it.each([
    ['VIP.json', '["a"]', "a table's name has small letters"],
    ['vips.json', '{', 'vips.json: The table is not JSON'],
    ['vips.csv', 'user\n', 'vips.csv: A lookup table has at least one key'],
  ])('%s holding %j is refused with the name of the file', (name, text, message) => {
    table(name, text);
    expect(tables).toThrow(message);
  });

  it('two files of one name are refused', () => {
    table('vips.json', '["a"]');
    table('vips.csv', 'user\nada');
    expect(tables).toThrow('there is another file for "vips"');
  });
});
