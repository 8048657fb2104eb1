import type { Delivery } from '#shared/notification/schema.ts';
import type { Page } from '#shared/ports/work-store.ts';

/** Deliveries that were given up, across alerts. Throws `unavailable` on passing faults. */
export interface DeadDeliveryStore {
  /** Newest first by the time they were given up; of one destination when it is named. `limit` ≤ 100. */
  listDead(
    tenant: string,
    filter: { destination?: string },
    page: { limit: number; cursor?: string },
  ): Promise<Page<Delivery>>;
}
