import * as z from 'zod';

import { Backtest, BacktestResult } from '#shared/backtest/schema.ts';

import { none } from './field.ts';

const backtestId = { backtest_id: z.string().min(1).max(64) };
const instant = z.iso.datetime({ offset: true });

/** The schemas of the operations on backtests. */
export const BACKTEST_ROUTE_SCHEMAS = {
  'backtests.start': {
    params: none,
    query: none,
    body: {
      /** A draft; or the id of a stored rule in `rule_id`; with neither, all rules in force. */
      rule: z.record(z.string(), z.unknown()).optional(),
      rule_id: z.string().min(1).max(64).optional(),
      /** Of the stored rule; the newest unless told. */
      version: z.number().int().min(1).optional(),
      /** Arrival of the first event; 24 hours before `to` unless told, at most 90 days. */
      from: instant.optional(),
      /** Arrivals before it; now unless told. */
      to: instant.optional(),
      max_events: z.number().int().min(1).max(100_000_000).default(20_000_000),
    },
    status: 202,
    result: z.object({ ...Backtest.shape, location: z.string() }),
  },
  'backtests.list': {
    params: none,
    query: { limit: z.coerce.number().int().min(1).max(100).default(20) },
    body: none,
    result: z.object({ items: z.array(Backtest) }),
  },
  'backtests.get': {
    params: backtestId,
    query: none,
    body: none,
    result: z.object({ ...Backtest.shape, result: BacktestResult.optional() }),
  },
  'backtests.cancel': { params: backtestId, query: none, body: none, result: Backtest },
} as const;
