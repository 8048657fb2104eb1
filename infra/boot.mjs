// The first thing every npm script runs, on whatever Node the machine has.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BootError, ROOT, ensureInstalled, guard, runOnNode } from './runtime.mjs';

const VITEST = 'node_modules/vitest/vitest.mjs';

/**
 * Everything `npm run check` looks at, in order; all run even when one fails.
 * @type {[name: string, command: string[]][]}
 */
const CHECKS = [
  ['format (prettier)', ['node_modules/prettier/bin/prettier.cjs', '--check', '.']],
  ['lint (oxlint, type-aware)', ['node_modules/oxlint/bin/oxlint', '--type-aware']],
  ['types (tsc)', ['node_modules/typescript/bin/tsc', '-p', '.']],
  ['dead code (knip)', ['node_modules/knip/bin/knip.js']],
  ['stack (cdk synth, validated)', ['node_modules/aws-cdk/bin/cdk', 'synth', '--quiet']],
];

async function check() {
  const results = [];
  for (const [name, command] of CHECKS) {
    console.error(`\n── ${name}`);
    const started = Date.now();
    const code = await runOnNode(command);
    results.push({ name, code, seconds: (Date.now() - started) / 1000 });
    if (code > 128) break;
  }
  console.error('');
  for (const { name, code, seconds } of results)
    console.error(
      `${code === 0 ? 'ok    ' : 'FAILED'}  ${seconds.toFixed(1).padStart(6)} s  ${name}`,
    );
  return results.some(({ code }) => code !== 0) ? 1 : 0;
}

/** An IPC channel tells `start` when this process was killed, so that it never outlives it. */
const start = (args) =>
  runOnNode(['infra/local/start.ts', ...args], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });

const COMMANDS = {
  start,
  dev: (args) => start(['--dev', ...args]),
  test: (args) => runOnNode([VITEST, 'run', ...args]),
  check,
  bench: (args) => runOnNode(['infra/bench/run.ts', ...args]),
  'bench:dashboard': (args) => runOnNode(['infra/bench/dashboard.ts', ...args]),
  mutants: (args) => runOnNode(['infra/mutation/run.ts', ...args]),
  screenshots: (args) => runOnNode(['infra/screenshots.ts', ...args]),
  faults: (args) => runOnNode(['infra/scenarios/fault/run.ts', ...args]),
};

await guard(async () => {
  const [name, ...args] = process.argv.slice(2);
  const command = Object.hasOwn(COMMANDS, name ?? '') ? COMMANDS[name] : undefined;
  if (command === undefined)
    throw new BootError(
      `usage: node infra/boot.mjs ${Object.keys(COMMANDS).join('|')} [arguments]`,
    );
  if (!existsSync(join(ROOT, 'package-lock.json')))
    throw new BootError('package-lock.json is missing; run this in a whole checkout.');
  await ensureInstalled();
  return command(args);
});
