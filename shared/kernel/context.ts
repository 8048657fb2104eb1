import type { Scope } from '#shared/access/scope.ts';

/** Where time and identity come from. Nothing below a handler reads a clock or makes a random id. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
}

/** Nanoseconds that only grow, from anywhere; to measure what something costs, never to decide. */
export type Stopwatch = () => number;

/** Who acts, for which tenant, when. Built once per request or batch by the handler. */
export interface Context extends Clock {
  tenant: string;
  /** `user:<name>`, `system:<function>` or `producer:<name>`; goes into the journal as it is. */
  actor: string;
  scopes: ReadonlySet<Scope>;
  /** A fresh UUID. */
  newId(): string;
  /** Joins everything one request caused. */
  correlation_id: string;
  ip_address?: string;
  /** Absent where nothing is measured. */
  stopwatch?: Stopwatch;
}
