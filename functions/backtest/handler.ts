import { systemClock } from '#functions/_runtime/clock.ts';
import { logger } from '#functions/_runtime/observe.ts';
import { withStreamStack } from '#functions/_runtime/stream-stack.ts';
import { warn } from '#functions/_runtime/warn.ts';

import { backtest, type BacktestEvent } from './backtest.ts';
import { backtestPorts } from './ports.ts';

const report = {
  warn,
  ended: (call: object, outcome: string) => logger.info('backtest', { ...call, outcome }),
};
export const handler = withStreamStack((event: BacktestEvent) =>
  backtest(backtestPorts(), event, systemClock, report),
);
