import * as z from 'zod';

/** A monitored service's name as its events give it. */
export const ServiceName = z.string().trim().min(1).max(64);

/** A monitored service and what it needs to work: one node of the topology. */
export const Service = z.object({
  service: ServiceName,
  description: z.string().max(256).default(''),
  /** Who answers for it. */
  owner: z.string().max(128).optional(),
  /** Services that it cannot do its work without. They need not be described themselves. */
  depends_on: z.array(ServiceName).max(50).default([]),
  version: z.number().int().default(1),
  author: z.string().default('system'),
  updated_at: z.string().default('1970-01-01T00:00:00.000Z'),
  removed: z.boolean().optional(),
});
export type Service = z.infer<typeof Service>;
