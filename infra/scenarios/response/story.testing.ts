import { expect } from 'vitest';

import { proveDeliveries } from '#infra/cli/delivery-proof.ts';
import type { Receiver, ReceiverFault } from '#infra/local/outbox/fault.ts';
import { calm, fastForward } from '#infra/scenarios/fast-forward.ts';
import type { Json } from '#infra/scenarios/person.testing.ts';
import { scanTable } from '#infra/scenarios/snapshot.ts';
import { TABLES } from '#infra/topology.ts';
import type { ExplainOutcome } from '#shared/explain/schema.ts';
import type { Severity } from '#shared/kernel/severity.ts';
import type { Delivery } from '#shared/notification/schema.ts';

import { Receivers } from './receivers.testing.ts';
import type { Stage } from './stage.testing.ts';

const MINUTE = 60_000;
/** The alert that is meant where none is named. */
const SOME = 'disk';

/** `[minutes after the step before, who is told …]` */
export type Step = readonly [delayMinutes: number, ...targets: string[]];

interface EventOptions {
  severity?: Severity;
  service?: string;
  /** Default 1. */
  times?: number;
  type?: string;
}

/** One case: a service, receivers and policies of its own on the instance that a file shares. */
export class Story {
  readonly stage: Stage;
  readonly service: string;
  readonly #from: number;
  readonly receivers: Receivers;
  readonly #documents: string[] = [];
  readonly #services: Set<string>;
  #events = 0;
  #isLeft = false;

  constructor(stage: Stage, service: string) {
    this.stage = stage;
    this.service = service;
    this.receivers = new Receivers(stage, service);
    this.#services = new Set([service]);
    this.#from = stage.scenario.instance.clock.now();
  }

  // What is set up.

  /** An id of this story's own. */
  id(name: string): string {
    return `${this.service}-${name}`;
  }

  /** The time so many minutes after the story began, RFC 3339. */
  minute(minutes: number): string {
    return new Date(this.#from + minutes * MINUTE).toISOString();
  }

  /** What policies and schedules name; `rota` is a schedule, everything else a receiver. */
  async #targets(names: readonly string[]) {
    const targets = [];
    for (const name of names)
      targets.push(
        name.startsWith('rota')
          ? { channel: 'schedule', destination: this.id(name) }
          : await this.receivers.add(name),
      );
    return targets;
  }

  /** An escalation policy over this story's alerts, or over those that `match` says. */
  async policy(steps: readonly Step[], more: Json = {}): Promise<string> {
    const policy_id = this.id(more.name ?? 'policy');
    const written = [];
    for (const [delay_minutes, ...names] of steps)
      written.push({ delay_minutes, targets: await this.#targets(names) });
    await this.put('escalations', 'policy_id', {
      policy_id,
      name: policy_id,
      match: { service: [this.service] },
      order: 1,
      ...more,
      steps: written,
    });
    return policy_id;
  }

  /** Writes a document of any kind, or its next version. */
  async put(noun: string, key: string, document: Json): Promise<void> {
    const path = `/v1/${noun}/${document[key]}`;
    if (this.#documents.includes(path)) await this.ask('ada', 'PUT', path, document);
    else await this.ask('ada', 'POST', `/v1/${noun}`, document);
    this.#documents.push(path);
  }

  /** A silence over this story's alerts, in minutes of the story; answers its id. */
  async silence(more: Json = {}): Promise<string> {
    const silence_id = this.id(more.name ?? 'silence');
    const { name: _, from, to, ...rest } = more;
    await this.put('silences', 'silence_id', {
      silence_id,
      comment: 'work is done here',
      matchers: [{ field: 'service', op: '=', value: this.service }],
      ...(from !== undefined && { starts_at: this.minute(from) }),
      ...(to !== undefined && { ends_at: this.minute(to) }),
      ...rest,
    });
    return silence_id;
  }

  /** An on-call schedule; `members` are who is told how. */
  async rota(
    members: Readonly<Record<string, string>>,
    more: Json,
    name = 'rota',
  ): Promise<string> {
    const schedule_id = this.id(name);
    const written = [];
    for (const [user, target] of Object.entries(members))
      written.push({ user, targets: await this.#targets([target]) });
    await this.put('schedules', 'schedule_id', {
      schedule_id,
      name: schedule_id,
      time_zone: 'UTC',
      members: written,
      ...more,
    });
    return schedule_id;
  }

  /** A rule of this story's own over events whose type is its service, or that rule's next version. */
  async rule(severity: Severity, more: Json = {}): Promise<void> {
    const rule_id = this.id('rule');
    const rule = {
      name: rule_id,
      severity,
      pattern: { type: [this.service] },
      detector: { kind: 'match' },
      group_by: ['service', 'payload.name'],
      title: 'Trouble of {payload.name}',
      ...more,
      override_tests: true,
      reason: 'a story needs it',
    };
    const path = '/v1/alerts/policies';
    const { status } = await this.stage.ask('ada', 'GET', `${path}/${rule_id}`);
    if (status === 200) await this.ask('ada', 'PUT', `${path}/${rule_id}`, rule);
    else await this.ask('ada', 'POST', path, { rule_id, ...rule });
    // Detectors look for new rules every two seconds.
    await this.fastForward(0.1);
  }

  // What happens.

  /** Events of this story's service; each name has an alert of its own. All is done when it resolves. */
  async event(name = SOME, options: EventOptions = {}): Promise<void> {
    await this.events([name], options);
  }

  async events(names: readonly string[], options: EventOptions = {}): Promise<void> {
    const { severity = 'WARN', service = this.service, times = 1 } = options;
    const type = options.type ?? `told.${severity.toLowerCase()}`;
    this.#services.add(service);
    const events = names.flatMap((name) =>
      Array.from({ length: times }, () => {
        const payload = { name, n: (this.#events += 1) };
        return { source: 'story', type, service, payload };
      }),
    );
    const bytes = Buffer.from(JSON.stringify(events));
    await this.stage.scenario.put([{ bytes, partition_key: service }]);
    await this.calm();
  }

  calm(): Promise<void> {
    return calm(this.stage.scenario.instance);
  }

  /** `grainSeconds` is the least between two stops, for queues that move every second. */
  fastForward(minutes: number, grainSeconds = 0): Promise<void> {
    return fastForward(this.stage.scenario.instance, minutes, grainSeconds);
  }

  /** Until a time, RFC 3339. */
  async fastForwardTo(instant: string): Promise<void> {
    const { clock } = this.stage.scenario.instance;
    await this.fastForward(Math.max(0, Date.parse(instant) - clock.now()) / MINUTE);
  }

  /** Makes the receivers of a kind misbehave; undefined heals them. */
  fault(receiver: Receiver, fault: ReceiverFault | undefined): void {
    this.stage.scenario.instance.outbox.setFault(receiver, fault);
  }

  /** Somebody does something with an alert; it must be taken, and all it leads to is done. */
  async act(user: string, action: string, name = SOME, body: Json = {}): Promise<Json> {
    const json = await this.ask(
      user,
      'POST',
      `/v1/alerts/${await this.idOf(name)}/${action}`,
      body,
    );
    await this.calm();
    return json;
  }

  /** An API call that must succeed. */
  async ask(user: string, method: string, path: string, body?: object): Promise<Json> {
    const { status, json } = await this.stage.ask(user, method, path, body);
    expect({ method, path, ok: status < 300, json }).toEqual({ method, path, ok: true, json });
    return json;
  }

  // What is seen.

  /** Alerts of the story's services, oldest first; those of escalated incidents are called `incident`. */
  async alerts(): Promise<Json[]> {
    const found: Json[] = [];
    for (const service of this.#services) {
      let cursor = '';
      do {
        const path = `/v1/alerts?service=${service}&limit=100${cursor}`;
        const { items, cursor: next } = await this.ask('ada', 'GET', path);
        found.push(...items);
        cursor = next === undefined ? '' : `&cursor=${encodeURIComponent(next)}`;
      } while (cursor !== '');
    }
    return found.sort((a, b) => (a.created_at < b.created_at ? -1 : 1));
  }

  /** Alerts of some other service, as far as they are meant. */
  async alertsOf(service: string, isMeant: (alert: Json) => boolean): Promise<Json[]> {
    const { items } = await this.ask('ada', 'GET', `/v1/alerts?service=${service}&limit=100`);
    return (items as Json[]).filter(isMeant);
  }

  /** The newest alert of that name. */
  async alert(name = SOME): Promise<Json> {
    const found = (await this.alerts()).findLast((alert) => nameOf(alert) === name);
    if (!found) throw new Error(`there is no alert of ${name}`);
    return await this.ask('ada', 'GET', `/v1/alerts/${found.alert_id}`);
  }

  async idOf(name = SOME): Promise<string> {
    return (await this.alert(name)).alert_id;
  }

  /**
   * What a receiver took and was not asked for before, in order, as `<minute> <intent>`, with the
   * alert's name where it is not the usual one. It counts as expected from then on.
   */
  async heard(receiver: string): Promise<string[]> {
    const names = new Map(
      (await this.alerts()).map((one) => [one.alert_id as string, nameOf(one)]),
    );
    return this.receivers
      .hear(receiver, (id) => names.has(id))
      .map((heard) => {
        const about = heard.alert_ids.map((id) => names.get(id) ?? id).sort();
        const minute = Math.floor((heard.at - this.#from) / MINUTE);
        const said = [minute, heard.intent, ...about.filter((name) => name !== SOME)];
        return (heard.via === undefined ? said : [...said, heard.via]).join(' ');
      });
  }

  /** No receiver of this story took anything that was not asked for. */
  async expectNothingElse(): Promise<void> {
    await this.calm();
    const unexpected: Record<string, string[]> = {};
    for (const name of this.receivers.names()) {
      const heard = await this.heard(name);
      if (heard.length > 0) unexpected[name] = heard;
    }
    expect(unexpected).toEqual({});
  }

  /** The outcomes of an alert's explanation: the verdict first. */
  async explain(
    name = SOME,
  ): Promise<{ verdict: ExplainOutcome; outcomes: ExplainOutcome[]; lines: Json[] }> {
    const explained = await this.ask('rosa', 'GET', `/v1/explain?alert=${await this.idOf(name)}`);
    const outcomes = explained.lines.map(({ outcome }: Json) => outcome as ExplainOutcome);
    return { verdict: explained.outcome, outcomes, lines: explained.lines };
  }

  /** Intents, attempts and receipts, as `sentry prove` has them. */
  async prove(name = SOME) {
    const path = `/v1/alerts/${await this.idOf(name)}/deliveries`;
    const { items } = (await this.ask('rosa', 'GET', path)) as { items: Delivery[] };
    const { lines } = await this.explain(name);
    return { ...proveDeliveries(items, lines), deliveries: items };
  }

  /**
   * Held back and not lost: recorded, counted, in the list and the summary, with its reason by name;
   * explanation and proof say so, and nobody was to be told.
   */
  async expectHeld(
    held: { reason: string; id?: string; count?: number; outcome: ExplainOutcome },
    name = SOME,
  ): Promise<void> {
    const { reason, id, count = 1, outcome } = held;
    const alert = await this.alert(name);
    expect(alert).toMatchObject({ state: 'OPEN', count });
    expect(alert.suppressed_by).toContainEqual({ reason, ...(id !== undefined && { id }) });
    const listed = (await this.alerts()).find(({ alert_id }) => alert_id === alert.alert_id);
    expect(listed.suppressed_by).toEqual(alert.suppressed_by);
    const { cells } = await this.ask('rosa', 'GET', '/v1/alerts/summary');
    const cell = cells.find(
      (one: Json) => one.service === alert.service && one.severity === alert.severity,
    );
    expect(cell.open).toBeGreaterThan(0);
    const { verdict, lines } = await this.explain(name);
    expect(verdict).toBe(outcome);
    if (id !== undefined)
      expect(lines.flatMap(({ ids }) => Object.values(ids as object))).toContain(id);
    const { rows, deliveries, open } = await this.prove(name);
    expect({ rows, deliveries, open }).toEqual({ rows: [], deliveries: [], open: [] });
  }

  /** What an alert's timeline says, oldest first. */
  async timeline(name = SOME): Promise<string[]> {
    const path = `/v1/incidents/timeline?alert=${await this.idOf(name)}&limit=100`;
    const { items } = await this.ask('rosa', 'GET', path);
    return items.map(({ entry }: Json) => entry as string);
  }

  /** Entries of the journal with this action about this story's own documents and alerts, oldest first. */
  async journal(action: string): Promise<Json[]> {
    const rows = await scanTable(this.stage.scenario.instance.url, TABLES.journal.name);
    return rows
      .filter((row) => row['action'] === action)
      .map(({ entry_json }): Json => JSON.parse(String(entry_json)))
      .filter((entry) => JSON.stringify(entry).includes(this.service))
      .sort((a, b) => (a.at < b.at ? -1 : 1));
  }

  /** How many messages to receivers of this story had to wait for their turn. */
  async waited(): Promise<number> {
    return (await this.#deliveries()).filter((row) => Number(row['put_off'] ?? 0) > 0).length;
  }

  /** Lets time pass until every message of its receivers is out, however long the queue: a minute at a time. */
  async drain(grainSeconds = 0): Promise<void> {
    const isOwed = (row: Record<string, unknown>) => row['next_attempt_at'] !== undefined;
    for (let minutes = 0; (await this.#deliveries()).some(isOwed); minutes++) {
      if (minutes > 60) throw new Error('the queue never ends');
      await this.fastForward(1, grainSeconds);
    }
  }

  async #deliveries(): Promise<Record<string, unknown>[]> {
    const rows = await scanTable(this.stage.scenario.instance.url, TABLES.work.name);
    return rows.filter((row) => String(row['destination']).startsWith(`${this.service}-`));
  }

  /** The minute of the story in which an instant lies. */
  minuteOf(instant: string): number {
    return Math.floor((Date.parse(instant) - this.#from) / MINUTE);
  }

  /** Its alerts may stay open: there are many, and their receivers are nobody else's. */
  leave(): void {
    this.#isLeft = true;
  }

  /** Ends what the story began, so that it costs the next one nothing. */
  async end(): Promise<void> {
    for (const receiver of ['slack', 'pagerduty', 'webhook'] as const)
      this.fault(receiver, undefined);
    for (const path of new Set(this.#documents)) await this.stage.ask('ada', 'DELETE', path);
    if (this.#isLeft) return;
    for (const { alert_id, state } of await this.alerts())
      if (state !== 'RESOLVED')
        await this.stage.ask('ada', 'POST', `/v1/alerts/${alert_id}/resolve`, {});
    await this.calm();
  }
}

function nameOf(alert: Json): string {
  if (alert.rule_id === 'sentry-incident-escalation') return 'incident';
  return (alert.group['payload.name'] as string | undefined) ?? alert.rule_id;
}
