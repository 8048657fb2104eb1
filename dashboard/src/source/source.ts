import type { Config } from '#dashboard/config/config.ts';

import type { Place } from './snippet-parts.ts';

/** One thing to paste, and where. */
export interface Step {
  text: string;
  /** Name of the file, or of the program's field. */
  place: string;
  code: string;
}

/** A way for events to come in. */
export interface Source {
  /** Its word in the address. */
  key: string;
  name: string;
  /** The `source` of its events, by which they are known here. */
  source: string;
  /** What it does, and by which way. */
  about: string;
  /** `direct`: as it is. `relay`: its own format is not read, so something must turn it into events. */
  way: 'direct' | 'relay';
  steps: (place: Place, config: Config) => readonly Step[];
}
