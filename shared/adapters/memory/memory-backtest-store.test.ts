import { backtestStoreContract } from '#shared/testing/backtest-store-contract.ts';
import { BUILT_AT } from '#shared/testing/build-alert.ts';

import { createMemoryBacktestStore } from './memory-backtest-store.ts';

backtestStoreContract('memory', async () => createMemoryBacktestStore(() => Date.parse(BUILT_AT)));
