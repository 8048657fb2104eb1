import type { Alert } from '#shared/alert/schema.ts';

import type { QuarantineStore } from './quarantine-store.ts';
import type { RuleStore } from './rule-store.ts';
import type { WorkStore } from './work-store.ts';

/** The stores of one replay: empty at first, in memory, and nothing in them is told to anybody. */
export interface ReplayStores {
  /** Keeps alerts, pointers and detector state; journal, outbox and deliveries go nowhere. */
  work: WorkStore;
  quarantine: QuarantineStore;
  rules: RuleStore;
  /** The alerts opened so far, with at most one event of evidence each. */
  alerts(): Alert[];
  alertCount(): number;
  /** Lets go of all alerts; detector state stays. */
  forgetAlerts(): void;
  seriesCount(): number;
  /** None of the series that wait for silence is due before it, ms; undefined while none waits. */
  nextDue(): number | undefined;
  /** Lets go of what has expired by now. */
  tidy(): void;
}
