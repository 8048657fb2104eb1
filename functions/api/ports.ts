import type { EscalationPolicy } from '#shared/escalation/schema.ts';
import type { BacktestQueue } from '#shared/ports/backtest-queue.ts';
import type { BacktestStore } from '#shared/ports/backtest-store.ts';
import type { ChannelStore } from '#shared/ports/channel-store.ts';
import type { DocumentStore } from '#shared/ports/document-store.ts';
import type { EventStream } from '#shared/ports/event-stream.ts';
import type { LiveStore } from '#shared/ports/live-store.ts';
import type { LookupStore } from '#shared/ports/lookup-store.ts';
import type { QuarantineStore } from '#shared/ports/quarantine-store.ts';
import type { RuleActivityStore } from '#shared/ports/rule-activity-store.ts';
import type { RuleStore } from '#shared/ports/rule-store.ts';
import type { JournalStore, WorkStore } from '#shared/ports/work-store.ts';
import type { Schedule } from '#shared/schedule/schema.ts';

/** What the operations work on. */
export interface ApiPorts {
  work: WorkStore;
  journal: JournalStore;
  rules: RuleStore;
  /** How often each rule matched. */
  activity: RuleActivityStore;
  lookups: LookupStore;
  backtests: BacktestStore;
  backtestQueue: BacktestQueue;
  policies: DocumentStore<EscalationPolicy>;
  schedules: DocumentStore<Schedule>;
  channels: ChannelStore;
  quarantine: QuarantineStore;
  stream: EventStream;
  live: LiveStore;
  /** Hex key that signs tenants of records and cursors of lists. */
  signingKey(): Promise<string>;
}
