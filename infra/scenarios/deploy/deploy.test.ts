import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { makeScratch } from '#infra/local/conformance-server.ts';
import { startInstance } from '#infra/local/instance.ts';
import { FUNCTIONS } from '#infra/functions.ts';

import { type DeployEndpoint, startDeployEndpoint } from './endpoint.ts';
import { recordCalls } from './record-calls.ts';
import { isAllowed, readRoles } from './role.ts';
import { findProblems, type Template } from './template.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const CLI = join(ROOT, 'node_modules', 'aws-cdk', 'bin', 'cdk');
const STACK = 'HearthlinkSentry';
const BUNDLE_BYTES_MAX = 5 * 1024 * 1024;
const run = promisify(execFile);

describe.skipIf(!existsSync(CLI))('cdk deploy, the stock CLI against AWS_ENDPOINT_URL', () => {
  const scratch = makeScratch();
  const assembly = join(scratch.directory, 'cdk.out');
  let endpoint: DeployEndpoint;
  let output: string;
  let template: Template;

  async function deploy(...args: string[]): Promise<string> {
    const { stdout, stderr } = await run(
      process.execPath,
      [CLI, 'deploy', STACK, '--require-approval', 'never', ...args],
      {
        cwd: ROOT,
        env: {
          PATH: process.env.PATH,
          HOME: scratch.directory,
          CDK_DISABLE_CLI_TELEMETRY: 'true',
          AWS_ENDPOINT_URL: endpoint.url,
          AWS_REGION: 'us-east-1',
          AWS_ACCESS_KEY_ID: 'local',
          AWS_SECRET_ACCESS_KEY: 'local',
        },
      },
    );
    return stdout + stderr;
  }
  const resources = (type: string) =>
    Object.values(template.Resources).filter((resource) => resource.Type === type);

  beforeAll(async () => {
    const dashboard = join(scratch.directory, 'dashboard');
    mkdirSync(join(dashboard, 'assets'), { recursive: true });
    writeFileSync(join(dashboard, 'index.html'), '<!doctype html>');
    writeFileSync(join(dashboard, 'favicon.svg'), '<svg/>');
    writeFileSync(join(dashboard, 'assets', 'main-1a2b3c.js'), '0');
    endpoint = await startDeployEndpoint();
    output = await deploy('--output', assembly, '-c', `dashboard=${dashboard}`);
    template = JSON.parse(endpoint.cloudFormation.stacks.get(STACK)!.template) as Template;
  }, 180_000);
  afterAll(async () => {
    await endpoint.close();
    scratch.remove();
  });

  it('creates the stack and asks for nothing else', () => {
    expect(output).toContain(`✅  ${STACK}`);
    expect(endpoint.cloudFormation.calls).toContain('ExecuteChangeSet');
    expect(endpoint.unknown).toEqual([]);
    // No finding, no warning of our own making.
    expect(output).not.toMatch(/AwsSolutions|deprecated|feature flags|\[WARNING\]/i);
  });

  it('every name in the template leads somewhere and nothing waits for itself', () => {
    expect(Object.keys(template.Resources).length).toBeGreaterThan(200);
    expect(Object.keys(template.Resources).length).toBeLessThan(500);
    expect(findProblems(template)).toEqual([]);
  });

  it('every asset is uploaded; no function is over 5 MiB, zipped or not', async () => {
    const { files } = JSON.parse(readFileSync(join(assembly, `${STACK}.assets.json`), 'utf8')) as {
      files: Record<string, { destinations: Record<string, { objectKey: string }> }>;
    };
    const keys = Object.values(files).flatMap(({ destinations }) =>
      Object.values(destinations).map(({ objectKey }) => objectKey),
    );
    expect(keys.length).toBeGreaterThan(Object.keys(FUNCTIONS).length);
    for (const key of keys) expect((await endpoint.readAsset(key))?.length).toBeGreaterThan(0);
    const bundles = bundlesOf(template, assembly);
    expect([...bundles.keys()].sort()).toEqual(
      [...Object.keys(FUNCTIONS), 'setup'].map((name) => `sentry-${name}`).sort(),
    );
    for (const [name, file] of bundles)
      expect(readFileSync(file).length, name).toBeLessThan(BUNDLE_BYTES_MAX);
  });

  it('every uploaded function loads on Node 24 without node_modules and answers', async () => {
    const folder = join(scratch.directory, 'loaded');
    const files = [...bundlesOf(template, assembly)].map(([name, file]) => {
      cpSync(join(file, '..'), join(folder, name), { recursive: true });
      return `${name}=${join(folder, name, 'handler.mjs')}`;
    });
    const { stdout } = await run(
      process.execPath,
      ['--enable-source-maps', join(import.meta.dirname, 'load-functions.mjs'), ...files],
      {
        cwd: folder,
        env: {
          AWS_REGION: 'us-east-1',
          AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
          LAMBDA_TASK_ROOT: folder,
          AWS_LAMBDA_FUNCTION_NAME: 'sentry',
          _X_AMZN_TRACE_ID: 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0',
        },
      },
    );
    const answers = JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<string, unknown>;
    expect(answers).toMatchObject({
      'sentry-api': { statusCode: 200 },
      'sentry-detect': { batchItemFailures: [] },
      'sentry-live': 'function',
      'sentry-setup': 'function',
    });
    expect(Object.keys(answers)).toHaveLength(files.length);
  });

  it('set-up makes the rules once, with what its role allows', async () => {
    const home = join(scratch.directory, 'home');
    const instance = await startInstance({ port: 0, home, functions: false });
    try {
      const calls = recordCalls(instance.services, ['setup']);
      const file = bundlesOf(template, assembly).get('sentry-setup')!;
      const setUp = async () => {
        calls.clear();
        const { stdout } = await run(
          process.execPath,
          [join(import.meta.dirname, 'load-functions.mjs'), `sentry-setup=${file}`],
          {
            env: {
              AWS_ENDPOINT_URL: instance.url,
              AWS_REGION: 'us-east-1',
              AWS_ACCESS_KEY_ID: 'setup',
              AWS_SECRET_ACCESS_KEY: 'local',
              SETUP_EVENT: JSON.stringify({ RequestType: 'Create' }),
            },
          },
        );
        expect(stdout).toContain('"PhysicalResourceId":"sentry-defaults"');
        return [...calls.values()].map(({ call }) => call);
      };
      const first = await setUp();
      const role = readRoles(template).get('sentry-setup')!;
      expect(first.filter((call) => !isAllowed(role, call))).toEqual([]);
      expect(first.map(({ action }) => action)).toContain('dynamodb:PutItem');
      expect((await setUp()).map(({ action }) => action)).not.toContain('dynamodb:PutItem');
    } finally {
      await instance.stop();
    }
  }, 60_000);

  it('config.json is filled in at deploy: the build holds no address', () => {
    const made = resources('Custom::CDKBucketDeployment').find(
      ({ Properties }) => Properties?.SourceMarkers,
    )!.Properties as { SourceMarkers: Record<string, unknown>[]; SourceObjectKeys: string[] };
    const at = made.SourceMarkers.findIndex((markers) => Object.keys(markers).length > 0);
    const folder = `asset.${made.SourceObjectKeys[at]!.replace('.zip', '')}`;
    const config = JSON.parse(
      readFileSync(join(assembly, folder, 'config.json'), 'utf8'),
    ) as Record<string, string>;
    for (const name of ['api', 'live', 'issuer', 'client_id', 'stream', 'producer_client'])
      expect(config[name], name).toContain('<<marker:');
    for (const value of Object.values(made.SourceMarkers[at]!))
      expect(Object.keys(value as object)[0]).toMatch(/^(Ref|Fn::GetAtt)$/);
    for (const file of bundlesOf(template, assembly).values())
      expect(readFileSync(file, 'utf8')).not.toContain(endpoint.url);
  });

  it('only hashed assets are cached for good', () => {
    const deployments = resources('Custom::CDKBucketDeployment').map(
      ({ Properties }) =>
        Properties as { SourceObjectKeys: string[]; SystemMetadata: Record<string, string> },
    );
    const kept = deployments.map(({ SourceObjectKeys, SystemMetadata }) => ({
      cache: SystemMetadata['cache-control'],
      files: SourceObjectKeys.flatMap((key) => {
        const folder = join(assembly, `asset.${key.replace('.zip', '')}`);
        return ['index.html', 'favicon.svg', 'config.json', 'assets/main-1a2b3c.js'].filter(
          (name) => existsSync(join(folder, name)),
        );
      }),
    }));
    expect(kept).toEqual([
      { cache: 'public, max-age=31536000, immutable', files: ['assets/main-1a2b3c.js'] },
      { cache: 'no-store', files: ['index.html', 'favicon.svg', 'config.json'] },
    ]);
  });

  it('deploying again changes nothing', async () => {
    const before = endpoint.cloudFormation.calls.length;
    expect(await deploy('--app', assembly)).toContain('no changes');
    expect(endpoint.cloudFormation.calls.slice(before)).not.toContain('CreateChangeSet');
  }, 60_000);
});

/** `handler.mjs` of each of our functions in the assembly, by function name. */
function bundlesOf(template: Template, assembly: string): Map<string, string> {
  const functions = Object.values(template.Resources).filter(
    ({ Type, Properties }) => Type === 'AWS::Lambda::Function' && Properties?.FunctionName,
  );
  return new Map(
    functions.map(({ Properties }) => {
      const { FunctionName, Code } = Properties as {
        FunctionName: string;
        Code: { S3Key: string };
      };
      const folder = `asset.${Code.S3Key.replace('.zip', '')}`;
      return [FunctionName, join(assembly, folder, 'handler.mjs')];
    }),
  );
}
