import { setTimeout as sleep } from 'node:timers/promises';

import type { Backtest, BacktestResult } from '#shared/backtest/schema.ts';

import { progressLine, reportLines } from './backtest-report.ts';
import { type ApiTarget, callApi } from './local-api.ts';
import { checkWritten, readRuleFile, ruleFiles, type WrittenRule } from './rule-file.ts';

const PATH = '/v1/alerts/policies/backtest';
const POLL_MS = 1_000;
const HOUR_MS = 3_600_000;

interface BacktestOptions {
  target: ApiTarget;
  hours: number;
  /** A rule that would open more of them fails. */
  maxAlerts?: number | undefined;
}

type Answer = Backtest & { result?: BacktestResult };

/**
 * Backtests the rules of files as drafts, one after the other, and prints what each would have found.
 * False when one failed or would have opened too many alerts. Throws for a file that is no rule.
 */
export async function backtestRules(
  paths: readonly string[],
  options: BacktestOptions,
): Promise<boolean> {
  const files = ruleFiles(paths).map(readRuleFile);
  const written = files.flatMap(({ rules }) => rules);
  const issues = [
    ...files.flatMap((file) => file.issues),
    ...written.flatMap((rule) => checkWritten(rule).issues),
  ];
  for (const { file, path, message } of issues) console.error(`${file}: ${path}: ${message}`);
  if (issues.length > 0) throw new Error('Nothing was run.');
  let isWell = true;
  for (const rule of written) isWell = (await backtestOne(rule, options)) && isWell;
  return isWell;
}

async function backtestOne(
  { written }: WrittenRule,
  { target, hours, maxAlerts }: BacktestOptions,
): Promise<boolean> {
  const { rule_id } = written as { rule_id: string };
  console.log(`${rule_id}: the last ${hours} hours`);
  const order = { rule: written, from: new Date(Date.now() - hours * HOUR_MS).toISOString() };
  const started = (await callApi(target, 'POST', PATH, order)) as Answer;
  const job = await follow(target, started);
  if (!job.result) {
    console.log(`${rule_id}: ${job.state}${job.error === undefined ? '' : `: ${job.error}`}`);
    return false;
  }
  for (const line of reportLines(job, job.result)) console.log(line);
  const isOver = maxAlerts !== undefined && job.result.alerts_total > maxAlerts;
  if (isOver) console.log(`\n${rule_id}: more than the ${maxAlerts} alerts allowed`);
  return !isOver;
}

/** Polls until the end; an interrupt cancels the job, so that nobody's next one waits for it. */
async function follow(target: ApiTarget, started: Answer): Promise<Answer> {
  const path = `${PATH}/${started.backtest_id}`;
  const interrupt = () => {
    void callApi(target, 'DELETE', path).finally(() => process.exit(130));
  };
  process.once('SIGINT', interrupt);
  let shown = '';
  try {
    for (let job = started; ; job = (await callApi(target, 'GET', path)) as Answer) {
      const isActive = job.state === 'QUEUED' || job.state === 'RUNNING';
      const line = job.state === 'QUEUED' ? 'waiting' : progressLine(job.progress);
      if (line !== shown) console.error(`  ${line}`);
      shown = line;
      if (!isActive) return job;
      await sleep(POLL_MS);
    }
  } finally {
    process.off('SIGINT', interrupt);
  }
}
