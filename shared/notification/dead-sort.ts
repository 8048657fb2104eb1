import type { Delivery } from '#shared/notification/schema.ts';

/** The order of lists of dead deliveries: when it was given up, then its key. */
export function deadSort({ updated_at, delivery_key }: Delivery): string {
  return `${updated_at}#${delivery_key}`;
}
