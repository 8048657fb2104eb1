import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import type { Fault, Verdict } from './fault.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

interface Report {
  testResults: {
    message?: string;
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
  }[];
}

/** A row whose cases are enumerated in tests, each with its own clean end; they are run as they stand. */
export function heldByTests(
  row: Pick<Fault, 'id' | 'name' | 'what'>,
  files: readonly string[],
  { pattern, env = {} }: { pattern?: string; env?: Record<string, string> } = {},
): Fault {
  return { ...row, run: () => runTests(files, pattern, env) };
}

async function runTests(
  files: readonly string[],
  pattern: string | undefined,
  env: Readonly<Record<string, string>>,
): Promise<Verdict> {
  const directory = mkdtempSync(join(tmpdir(), 'sentry-faults-'));
  const outputFile = join(directory, 'report.json');
  const command = [
    join(ROOT, 'node_modules/vitest/vitest.mjs'),
    'run',
    ...files,
    ...(pattern === undefined ? [] : ['-t', pattern]),
    '--reporter=json',
    `--outputFile=${outputFile}`,
  ];
  try {
    // Its own status says less than its report: a test that never ran is missing there.
    await new Promise((done) => {
      const options = { cwd: ROOT, env: { ...process.env, ...env }, maxBuffer: 2 ** 26 };
      execFile(process.execPath, command, options, done);
    });
    return judge(JSON.parse(readFileSync(outputFile, 'utf8')) as Report);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function judge({ testResults }: Report): Verdict {
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const ran = tests.filter(({ status }) => status === 'passed' || status === 'failed');
  const failed = ran.filter(({ status }) => status === 'failed');
  const broken = testResults.filter(
    ({ assertionResults, message }) => assertionResults.length === 0 && message,
  );
  return {
    wrong: [
      ...failed.map(
        ({ fullName, failureMessages }) => `${fullName}: ${firstLine(failureMessages[0])}`,
      ),
      ...broken.map(({ message }) => firstLine(message)),
      ...(ran.length === 0 ? ['no test ran'] : []),
    ],
    lost: 0,
    extra: 0,
    doubles: 0,
    repeated: 0,
    figures: { tests: ran.length, failed: failed.length },
  };
}

function firstLine(text = ''): string {
  return text.split('\n')[0]!;
}
