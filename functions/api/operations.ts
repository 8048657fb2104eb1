import type { Operation } from '#shared/api/route-access.ts';

import type { Handlers } from './operation.ts';
import { alertOperations } from './operations/alert.ts';
import { backtestOperations } from './operations/backtest.ts';
import { channelOperations } from './operations/channel.ts';
import { escalationOperations } from './operations/escalation.ts';
import { eventOperations } from './operations/event.ts';
import { incidentOperations } from './operations/incident.ts';
import { explainOperations } from './operations/explain.ts';
import { lookupOperations } from './operations/lookup.ts';
import { quarantineOperations } from './operations/quarantine.ts';
import { ruleOperations } from './operations/rule.ts';
import { scheduleOperations } from './operations/schedule.ts';
import { serviceOperations } from './operations/service.ts';
import { sessionOperations } from './operations/session.ts';
import { suppressionOperations } from './operations/suppression.ts';

/** Every operation of the route table; HTTP and the live protocol run the same ones. */
export const OPERATIONS: Handlers<Operation> = {
  ...alertOperations,
  ...backtestOperations,
  ...channelOperations,
  ...escalationOperations,
  ...eventOperations,
  ...incidentOperations,
  ...explainOperations,
  ...lookupOperations,
  ...quarantineOperations,
  ...ruleOperations,
  ...scheduleOperations,
  ...serviceOperations,
  ...sessionOperations,
  ...suppressionOperations,
};
