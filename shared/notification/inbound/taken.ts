/** What a receiver's webhook came to, for one alert or as a whole. */
export const TAKEN = [
  /** The alert is now what the receiver says. */
  'applied',
  /** It was that already. */
  'unchanged',
  /** Written into its history; its state is none of this. */
  'noted',
  /** RESOLVED is never undone by what was said late. */
  'refused',
  /** It was said before the alert opened again. */
  'stale',
  /** Our own words come back. */
  'own',
  /** About no alert of this tenant. */
  'unknown',
  /** Nothing that concerns an alert. */
  'ignored',
] as const;
export type Taken = (typeof TAKEN)[number];
