import type { CanaryEar, CanarySighting, CanarySightings } from '#shared/canary/schema.ts';

/** Where the ends of the path note the canaries they heard. All throw `unavailable` on throttling or network faults. */
export interface CanaryStore {
  /** Notes when the first canary left, RFC 3339; kept from then on. */
  begin(sentAt: string): Promise<void>;
  /** Notes the canary that this end heard; an older one than was noted changes nothing. */
  hear(ear: CanaryEar, sighting: CanarySighting): Promise<void>;
  read(): Promise<CanarySightings>;
}
