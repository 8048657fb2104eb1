/** The seconds of a time written `+90` or `+0.5`, counted from a beginning; undefined for any other. */
export function relativeSeconds(timestamp: unknown): number | undefined {
  if (typeof timestamp !== 'string') return undefined;
  const seconds = /^\+(\d{1,9}(?:\.\d{1,9})?)$/.exec(timestamp)?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}
