import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import type { ImportResult, RuleDocument } from '#shared/rule/document-schema.ts';

import { backtestRules } from './backtest-rules.ts';
import { diffRules } from './diff-rules.ts';
import { judgeRules } from './judge-rules.ts';
import { callLocal } from './local-api.ts';
import { readLookupFolder } from './lookup-file.ts';
import { placeIn, readRuleFile, ruleFiles } from './rule-file.ts';
import type { FileIssue } from './rule-file.ts';

const RULES_HELP = `sentry rules: detection rules in files

  npx sentry rules lint PATH…     checks the rules in files and folders, without any instance
  npx sentry rules test PATH…     and runs their tests as if they went live; exit code 1 on a failure
                                  --lookups DIR: the lookup tables they name, NAME.json or NAME.csv each
  npx sentry rules export         all rules of the local instance as one document  [--out FILE] [--user ruth]
  npx sentry rules import PATH…   makes them the newest versions  [--dry-run] [--reason TEXT] [--override-tests]
  npx sentry rules backtest PATH… what each would have found in the archived events; exit code 1 when it is
                                  more than --max-alerts N  [--hours 24] [--url URL]
  npx sentry rules diff PATH…     how they differ from what is deployed; exit code 1 when they do  [--url URL]

With --url an instance elsewhere is asked; its access token is taken from SENTRY_TOKEN.`;

const POLICIES = '/v1/alerts/policies';

/** The verbs over rule files. Throws an Error that says what to do; failures set the exit code to 1. */
export async function rules(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      user: { type: 'string', default: 'ruth' },
      out: { type: 'string' },
      reason: { type: 'string' },
      url: { type: 'string' },
      lookups: { type: 'string' },
      hours: { type: 'string', default: '24' },
      'max-alerts': { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      'override-tests': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const [verb, ...paths] = positionals;
  if (values.help || verb === undefined) return console.log(RULES_HELP);
  if (verb === 'lint' || verb === 'test') return judge(paths, verb === 'test', values.lookups);
  if (verb === 'export') return exportTo(values.user, values.out);
  if (verb === 'import')
    return importFrom(paths, values.user, {
      dry_run: values['dry-run'],
      override_tests: values['override-tests'],
      ...(values.reason !== undefined && { reason: values.reason }),
    });
  const target = { user: values.user, url: values.url };
  if (verb === 'diff') return failUnless(await diffRules(paths, target));
  if (verb === 'backtest') {
    const maxAlerts = values['max-alerts'];
    return failUnless(
      await backtestRules(paths, {
        target,
        hours: readNumber('hours', values.hours),
        maxAlerts: maxAlerts === undefined ? undefined : readNumber('max-alerts', maxAlerts),
      }),
    );
  }
  throw new Error(`There is no "rules ${verb}".\n\n${RULES_HELP}`);
}

function failUnless(isWell: boolean): void {
  if (!isWell) process.exitCode = 1;
}

function readNumber(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new Error(`--${name} must be a number, not "${text}".`);
  return value;
}

function judge(paths: readonly string[], runTests: boolean, lookups: string | undefined): void {
  const tables = lookups === undefined ? undefined : readLookupFolder(lookups);
  const { rules: count, tests, issues, warnings } = judgeRules(paths, runTests, tables);
  for (const warning of warnings) console.warn(warning);
  for (const issue of issues) printIssue(issue);
  const ran = runTests ? `, ${tests} tests` : '';
  console.log(
    `${count} rules${ran}: ${issues.length === 0 ? 'all well' : `${issues.length} wrong`}`,
  );
  if (issues.length > 0) process.exitCode = 1;
}

async function exportTo(user: string, out: string | undefined): Promise<void> {
  const document = (await callLocal(user, 'GET', `${POLICIES}/export`)) as RuleDocument;
  const text = `${JSON.stringify(document, null, 2)}\n`;
  if (out === undefined) return void process.stdout.write(text);
  writeFileSync(out, text);
  console.log(`${document.rules.length} rules in ${out}`);
}

async function importFrom(
  paths: readonly string[],
  user: string,
  options: { dry_run: boolean; override_tests: boolean; reason?: string },
): Promise<void> {
  const files = ruleFiles(paths).map(readRuleFile);
  const broken = files.flatMap(({ issues }) => issues);
  for (const issue of broken) printIssue(issue);
  if (broken.length > 0) throw new Error('Nothing was sent.');
  const written = files.flatMap((file) => file.rules);
  const body = { rules: written.map((rule) => rule.written), ...options };
  const { applied, items } = (await callLocal(
    user,
    'POST',
    `${POLICIES}/import`,
    body,
  )) as ImportResult;
  for (const { index, rule_id = '(no id)', outcome, version, issues } of items) {
    const number = version === undefined ? '' : ` version ${version}`;
    console.log(`${outcome.padEnd(9)} ${rule_id}${number}`);
    const { file, at } = written[index]!;
    for (const { path, message } of issues) printIssue({ file, path: placeIn(at, path), message });
  }
  const isRefused = items.some(({ outcome }) => outcome === 'refused');
  if (!applied)
    console.log(options.dry_run ? 'A dry run: nothing was written.' : 'Nothing was written.');
  if (isRefused) process.exitCode = 1;
}

function printIssue({ file, path, message }: FileIssue): void {
  console.error(`${file}: ${path === '' ? '' : `${path}: `}${message}`);
}
