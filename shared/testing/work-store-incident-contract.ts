import { beforeEach, describe, expect, it } from 'vitest';

import type { Incident } from '#shared/incident/schema.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';

import { BUILT_AT } from './build-alert.ts';
import { buildIncident, buildIncidentPointer } from './build-incident.ts';
import { at, commitOf, DAY_MS, refusal, type WorkStoreUnderTest } from './work-store-rig.ts';

/** What every WorkStore promises of incidents. */
export function incidentContract(name: string, make: () => Promise<WorkStoreUnderTest>): void {
  describe(`${name} keeps the contract of incidents`, () => {
    let work: WorkStore;
    let clock: { now: number };
    beforeEach(async () => {
      ({ work, clock } = await make());
      clock.now = Date.parse(BUILT_AT);
    });
    const put = (row: Incident, expected = 0) =>
      work.commit(commitOf([{ kind: 'incident', row, expected }]));

    it('gives back an incident and its pointer exactly as they were committed, to its tenant', async () => {
      const incident = buildIncident({ assigned_to: 'user:ada', escalation_ids: ['e'] });
      const pointer = buildIncidentPointer();
      await work.commit(
        commitOf([
          { kind: 'incident', row: incident, expected: 0 },
          { kind: 'incident.pointer', row: pointer, expected: 0 },
        ]),
      );
      expect(await work.getIncident('t1', incident.incident_id)).toEqual(incident);
      expect(await work.getIncidentPointer('t1', 'checkout')).toEqual(pointer);
      expect(await work.getIncident('t2', incident.incident_id)).toBeUndefined();
      expect(await work.getIncidentPointer('t2', 'checkout')).toBeUndefined();
      expect(await work.getIncidentPointer('t1', 'search')).toBeUndefined();
    });

    it('refuses the second writer of an incident, and of a pointer', async () => {
      await put(buildIncident());
      expect((await refusal(put(buildIncident()))).code).toBe('conflict');
      await put(buildIncident({ revision: 2 }), 1);
      expect((await refusal(put(buildIncident({ revision: 2 }), 1))).code).toBe('conflict');
      const commit = commitOf([
        { kind: 'incident.pointer', row: buildIncidentPointer(), expected: 0 },
      ]);
      await work.commit(commit);
      expect((await refusal(work.commit(commit))).code).toBe('conflict');
    });

    it('lists newest first, by status, severity, service and age, a page at a time', async () => {
      const rows = [
        buildIncident({ incident_id: 'i1', opened_at: at(1), status: 'CLOSED', closed_at: at(9) }),
        buildIncident({ incident_id: 'i2', opened_at: at(2), severity: 'CRITICAL' }),
        buildIncident({ incident_id: 'i3', opened_at: at(3), service: 'search' }),
        buildIncident({ incident_id: 'i4', opened_at: at(4), status: 'ESCALATED' }),
      ];
      for (const row of rows) await put(row);
      await put(buildIncident({ incident_id: 'other', tenant: 't2' }));
      const ids = async (filter: Parameters<WorkStore['listIncidents']>[1]) =>
        (await work.listIncidents('t1', filter, { limit: 10 })).items.map(
          ({ incident_id }) => incident_id,
        );
      expect(await ids({})).toEqual(['i4', 'i3', 'i2', 'i1']);
      expect(await ids({ statuses: ['CLOSED', 'ESCALATED'] })).toEqual(['i4', 'i1']);
      expect(await ids({ severities: ['CRITICAL'] })).toEqual(['i2']);
      expect(await ids({ services: ['search'] })).toEqual(['i3']);
      expect(await ids({ opened_after: at(3) })).toEqual(['i4', 'i3']);
      const first = await work.listIncidents('t1', {}, { limit: 3 });
      expect(first.items).toHaveLength(3);
      const second = await work.listIncidents('t1', {}, { limit: 3, cursor: first.cursor! });
      expect(second).toEqual({ items: [rows[0]] });
    });

    it('forgets a closed incident 90 days after the close, and never one that is not', async () => {
      await put(buildIncident({ incident_id: 'i1', status: 'CLOSED', closed_at: at(0) }));
      await put(buildIncident({ incident_id: 'i2' }));
      clock.now += 90 * DAY_MS + 1000;
      expect(await work.getIncident('t1', 'i1')).toBeUndefined();
      expect(await work.getIncident('t1', 'i2')).toBeDefined();
    });
  });
}
