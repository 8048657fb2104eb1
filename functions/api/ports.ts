import type { OwnChannel } from '#shared/notification/schema.ts';
import type { EscalationPolicy } from '#shared/escalation/schema.ts';
import type { Inhibition } from '#shared/inhibition/schema.ts';
import type { MaintenanceWindow } from '#shared/maintenance/schema.ts';
import type { Hook } from '#shared/notification/inbound/hook-address.ts';
import type { BacktestQueue } from '#shared/ports/backtest-queue.ts';
import type { BacktestStore } from '#shared/ports/backtest-store.ts';
import type { ChannelStateStore } from '#shared/ports/channel-state-store.ts';
import type { DeadDeliveryStore } from '#shared/ports/dead-delivery-store.ts';
import type { DocumentStore } from '#shared/ports/document-store.ts';
import type { EventArchive } from '#shared/ports/event-archive.ts';
import type { EventStream } from '#shared/ports/event-stream.ts';
import type { IdempotencyStore } from '#shared/ports/idempotency-store.ts';
import type { LiveStore } from '#shared/ports/live-store.ts';
import type { LookupStore } from '#shared/ports/lookup-store.ts';
import type { QuarantineStore } from '#shared/ports/quarantine-store.ts';
import type { RuleActivityStore } from '#shared/ports/rule-activity-store.ts';
import type { RuleStore } from '#shared/ports/rule-store.ts';
import type { IncidentSettings } from '#shared/incident/schema.ts';
import type { JournalStore, WorkStore } from '#shared/ports/work-store.ts';
import type { Schedule } from '#shared/schedule/schema.ts';
import type { Service } from '#shared/service/schema.ts';
import type { Silence } from '#shared/silence/schema.ts';

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
  silences: DocumentStore<Silence>;
  maintenance: DocumentStore<MaintenanceWindow>;
  inhibitions: DocumentStore<Inhibition>;
  incidentSettings: DocumentStore<IncidentSettings>;
  /** What is monitored, and what needs what. */
  services: DocumentStore<Service>;
  channels: DocumentStore<OwnChannel>;
  /** What channels remember, and how they fare. */
  states: ChannelStateStore;
  dead: DeadDeliveryStore;
  /** Waits, in milliseconds. */
  pause(delayMs: number): Promise<void>;
  /** Events of webhooks that were taken already. */
  heard: IdempotencyStore;
  /** What the caller of a channel's webhook signs with; several with white space between. */
  hookSecret(hook: Hook): Promise<string | undefined>;
  /** The parameter that holds it. */
  hookParameter(hook: Hook): string;
  quarantine: QuarantineStore;
  stream: EventStream;
  /** Of the API alone: the function behind the socket may not read it. */
  archive: EventArchive;
  live: LiveStore;
  /** Hex key that signs tenants of records and cursors of lists. */
  signingKey(): Promise<string>;
}
