import type { Handlers } from '#functions/api/operation.ts';
import type { Operation } from '#shared/api/route-access.ts';
import { cancelBacktest } from '#shared/backtest/cancel.ts';
import { getBacktest, listBacktests } from '#shared/backtest/read.ts';
import { startBacktest } from '#shared/backtest/start.ts';

export const backtestOperations: Handlers<Extract<Operation, `backtests.${string}`>> = {
  async 'backtests.start'(order, { context, ports }) {
    const job = await startBacktest(ports, context, order);
    return { ...job, location: `/v1/alerts/policies/backtest/${job.backtest_id}` };
  },
  async 'backtests.list'({ limit }, { context, ports }) {
    return { items: await listBacktests(ports.backtests, context, limit) };
  },
  'backtests.get': ({ backtest_id }, { context, ports }) =>
    getBacktest(ports.backtests, context, backtest_id),
  'backtests.cancel': ({ backtest_id }, { context, ports }) =>
    cancelBacktest(ports.backtests, context, backtest_id),
};
