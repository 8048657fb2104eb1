import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { cruise, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const FOLDERS = ['infra', 'functions', 'shared', 'dashboard'];
const SCHEMA = '/[a-z-]*schema\\.ts$|^shared/detection/(series|detector)\\.ts$';
const TEST = '\\.(test|bench)\\.tsx?$';

/** kernel ← entity schemas ← ports ← domain verbs ← api ← functions ← handler and infra; no cycles. */
const LAW: IForbiddenRuleType[] = [
  {
    name: 'no cycles',
    severity: 'error',
    from: { pathNot: TEST },
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'the kernel imports only the kernel and the scopes',
    severity: 'error',
    from: { path: '^shared/kernel/', pathNot: TEST },
    to: { path: '^(shared|functions|infra|dashboard)/', pathNot: '^shared/(kernel|access)/' },
  },
  {
    name: 'ports import only schemas, the kernel and ports',
    severity: 'error',
    from: { path: '^shared/ports/' },
    to: {
      path: '^(shared|functions|infra|dashboard)/',
      pathNot: `^shared/(kernel|ports|access)/|${SCHEMA}`,
    },
  },
  {
    name: 'the system never imports adapters, functions, infra or the dashboard',
    severity: 'error',
    from: { path: '^shared/', pathNot: `^shared/(adapters|testing)/|${TEST}` },
    to: { path: '^shared/(adapters|testing)/|^(functions|infra|dashboard)/' },
  },
  {
    name: 'domain verbs do not import the api',
    severity: 'error',
    from: { path: '^shared/', pathNot: `^shared/(api|adapters|testing)/|${TEST}` },
    to: { path: '^shared/api/' },
  },
  {
    name: 'the AWS SDK lives in adapters, the function runtime and infra',
    severity: 'error',
    from: {
      path: '^(shared|functions|dashboard)/',
      pathNot: `^shared/adapters/aws/|^functions/_runtime/|^shared/testing/|${TEST}`,
    },
    to: { path: 'node_modules/@aws-sdk/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'functions never import infra or the dashboard',
    severity: 'error',
    from: { path: '^functions/', pathNot: TEST },
    to: { path: '^(infra|dashboard)/' },
  },
  {
    name: 'nothing imports a handler',
    severity: 'error',
    from: { pathNot: TEST },
    to: { path: '^functions/.*/handler\\.ts$' },
  },
  {
    name: 'the dashboard knows only the contract and the words of the domain',
    severity: 'error',
    from: { path: '^dashboard/', pathNot: TEST },
    to: {
      path: '^(shared|functions|infra)/',
      pathNot: `^shared/api/|^shared/kernel/severity\\.ts$|${SCHEMA}`,
    },
  },
];

describe('the import law', () => {
  it('holds for every file', async () => {
    const { output } = await cruise(FOLDERS, {
      baseDir: ROOT,
      parser: 'swc',
      doNotFollow: { path: 'node_modules' },
      exclude: { path: '(^|/)(dist|cdk\\.out)/' },
      tsPreCompilationDeps: true,
      validate: true,
      ruleSet: { forbidden: LAW },
    });
    const { summary, modules } = output as ICruiseResult;
    expect(modules.length).toBeGreaterThan(50);
    expect(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual(
      [],
    );
  }, 60_000);
});

const files = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((name) => !/(^|\/)(node_modules|dist|cdk\.out)\//.test(name)),
);
const code = files.filter((name) => /\.(ts|tsx|mjs|css)$/.test(name));

describe('the house', () => {
  it.each([
    ['no file is over 400 lines', (text: string) => text.split('\n').length > 401],
    ['no import climbs', (text: string) => /from '(\.\.\/)+/.test(text)],
  ])('%s', (_name, isWrong) => {
    expect(code.filter((name) => isWrong(readFileSync(join(ROOT, name), 'utf8')))).toEqual([]);
  });

  it('no clock and no chance below a handler', () => {
    const pattern = /Date\.now\(|new Date\(\)|Math\.random\(|randomUUID\(/;
    const wrong = code.filter(
      (name) =>
        name.startsWith('shared/') &&
        !/^shared\/(adapters|testing)\/|\.(test|bench)\.ts$/.test(name) &&
        pattern.test(readFileSync(join(ROOT, name), 'utf8')),
    );
    expect(wrong).toEqual([]);
  });

  it('a handler is at most 15 lines of code', () => {
    const long = code.filter(
      (name) => /^functions\/.*\/handler\.ts$/.test(name) && lines(name) > 15,
    );
    expect(long).toEqual([]);
  });

  it('every path a document names exists', () => {
    const documents = [...files.filter((name) => name.endsWith('.md')), 'README.md'];
    const missing = documents.flatMap((document) => {
      if (!existsSync(join(ROOT, document))) return [];
      const text = readFileSync(join(ROOT, document), 'utf8');
      const cited = [...text.matchAll(/`((?:infra|functions|shared|dashboard)\/[\w./-]+)`/g)];
      const linked = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)];
      return [
        ...cited.map(([, path]) => path!).filter((path) => !existsSync(join(ROOT, path))),
        ...linked
          .map(([, path]) => path!)
          .filter((path) => !existsSync(join(ROOT, dirname(document), path))),
      ].map((path) => `${document}: ${path}`);
    });
    expect(missing).toEqual([]);
  });
});

function lines(name: string): number {
  const text = readFileSync(join(ROOT, name), 'utf8');
  return text.split('\n').filter((line) => line.trim() !== '' && !/^\s*(\/\/|\/?\*)/.test(line))
    .length;
}
