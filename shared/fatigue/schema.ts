/** How the alerts of one group ended so far, the younger counting more. */
export interface SelfResolves {
  /** By themselves, within five minutes. */
  quick: number;
  /** Later, whoever ended them. */
  slow: number;
}
