import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { afterEach, describe, expect, it } from 'vitest';

import { measureLabelled } from './labelled.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function corpus(rules: unknown[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'labelled-'));
  folders.push(folder);
  writeFileSync(join(folder, 'rules.json.gz'), gzipSync(JSON.stringify(rules)));
  return folder;
}

const iam = (eventName: string, more = {}) => ({
  eventSource: 'iam.amazonaws.com',
  eventName,
  userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::210987654321:user/mara' },
  ...more,
});
const label = (name: string, expected: boolean, event: unknown, mocks = false) => ({
  name,
  expected,
  mocks,
  event,
});
const source = (rule_id: string, tests: unknown[]) => ({
  rule_id,
  log_types: ['AWS.CloudTrail'],
  tests,
});
const value = (result: Awaited<ReturnType<typeof measureLabelled>>, name: string) =>
  result.figures.find((figure) => figure.name === name)?.value;

describe('labelled bench', () => {
  it('counts right verdicts, names each wrong one and keeps mocked labels apart', async () => {
    const folder = corpus([
      source('AWS.IAM.CreateUser', [
        label('made', true, iam('CreateUser')),
        label('read', false, iam('GetUser')),
        label('said to be harmless', false, iam('CreateUser')),
        label('said to be harmful', true, iam('GetUser')),
        label('by an answer put in', true, iam('GetUser'), true),
      ]),
      source('Not.Covered', [label('x', true, iam('CreateUser'))]),
    ]);
    const result = await measureLabelled(() => {}, folder);
    expect(value(result, 'right verdicts')).toBe(50);
    expect(value(result, 'benign events fired')).toBe(50);
    expect(result.wrong.map(({ event, expected }) => [event, expected])).toEqual([
      ['said to be harmless', 'quiet'],
      ['said to be harmful', 'fires'],
      ['by an answer put in', 'fires'],
    ]);
    expect(result.cross_fire).toEqual([
      {
        event: 'AWS.IAM.CreateUser: said to be harmless',
        fired: ['aws-iam-changed', 'aws-iam-user-created'],
      },
    ]);
  });

  it('gives a counting rule as many events as it counts to, benign ones too', async () => {
    const spray = (outcome: string) => ({
      eventSource: 'signin.amazonaws.com',
      eventName: 'ConsoleLogin',
      userIdentity: { type: 'IAMUser', userName: 'mara' },
      responseElements: { ConsoleLogin: outcome },
    });
    const folder = corpus([
      source('AWS.CloudTrail.PasswordSpraying', [
        label('fails', true, spray('Failure')),
        label('enters', false, spray('Success')),
      ]),
    ]);
    const result = await measureLabelled(() => {}, folder);
    expect(value(result, 'right verdicts')).toBe(100);
  });

  it('says when a folder holds no corpus', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'labelled-'));
    folders.push(folder);
    await expect(measureLabelled(() => {}, folder)).rejects.toThrow('no .json.gz');
  });
});
