import { digestId } from '#shared/kernel/id.ts';

/** Keys of the rows this product works on; every partition starts with the tenant or `OUTBOX#`, but for `LANES`. */
export interface Key {
  pk: string;
  sk: string;
}

const dueKey = (shard: number) => `D#${shard}`;

export const keys = {
  due: dueKey,
  alert: (tenant: string, alertId: string): Key => ({
    pk: `T#${tenant}#A#${alertId}`,
    sk: 'ALERT',
  }),
  pointer: (tenant: string, ruleId: string, groupKey: string): Key => ({
    pk: `T#${tenant}#G#${ruleId}#${digestId(groupKey)}`,
    sk: 'POINTER',
  }),
  incident: (tenant: string, incidentId: string): Key => ({
    pk: `T#${tenant}#I#${incidentId}`,
    sk: 'INCIDENT',
  }),
  incidentPointer: (tenant: string, service: string): Key => ({
    pk: `T#${tenant}#IP#${digestId(service)}`,
    sk: 'POINTER',
  }),
  alertGroup: (tenant: string, alertGroupId: string): Key => ({
    pk: `T#${tenant}#AG#${alertGroupId}`,
    sk: 'GROUP',
  }),
  delivery: (tenant: string, alertId: string, step: number, destination: string): Key => ({
    pk: `T#${tenant}#A#${alertId}`,
    sk: `DELIVERY#${step}#${destination}`,
  }),
  timer: (tenant: string, alertId: string, kind: string, step: number): Key => ({
    pk: `T#${tenant}#A#${alertId}`,
    sk: `TIMER#${kind}#${step}`,
  }),
  series: (tenant: string, ruleId: string, seriesKey: string): Key => ({
    pk: `T#${tenant}#S#${ruleId}#${digestId(seriesKey)}`,
    sk: 'SERIES',
  }),
  seen: (tenant: string, ruleId: string, seriesKey: string, bucket: number): Key => ({
    pk: `T#${tenant}#S#${ruleId}#${digestId(seriesKey)}`,
    sk: `SEEN#${bucket}`,
  }),
  census: (tenant: string, week: number): Key => ({
    pk: `T#${tenant}#CENSUS`,
    sk: `WEEK#${week}`,
  }),
  /** Shards belong to no tenant. */
  lane: (shard: string): Key => ({ pk: 'LANES', sk: `LANE#${shard}` }),
  touch: (tenant: string, alertId: string): Key => ({
    pk: `T#${tenant}#TOUCH`,
    sk: `TOUCH#${alertId}`,
  }),
  subject: (tenant: string, kind: string, id: string): string => `T#${tenant}#${kind}#${id}`,
  outbox: (tenant: string, outboxId: string): Key => ({
    pk: `OUTBOX#${tenant}#${outboxId}`,
    sk: 'OUTBOX',
  }),
  /** Partition of the index `by-state`. */
  state: (tenant: string, state: string): string => `T#${tenant}#ALERT#${state}`,
  /** Partition of the index `by-state`, of incidents. */
  status: (tenant: string, status: string): string => `T#${tenant}#INCIDENT#${status}`,
  /** Partition of the index `by-state`: deliveries that were given up. */
  deadDeliveries: (tenant: string): string => `T#${tenant}#DELIVERY#DEAD`,
  /** Partition of the index `by-service`. */
  service: (tenant: string, service: string): string => `T#${tenant}#SVC#${service}`,
} as const;
