/** What `nameOperations` makes: `list` of the noun `schedules` becomes `schedules.list`. */
export type Named<Noun extends string, Verbs> = {
  [Verb in keyof Verbs as `${Noun}.${Verb & string}`]: Verbs[Verb];
};

/** Puts the noun before each verb, as operations are called. */
export function nameOperations<const Noun extends string, Verbs extends object>(
  noun: Noun,
  verbs: Verbs,
): Named<Noun, Verbs> {
  const named = Object.entries(verbs).map(([verb, value]: [string, unknown]) => [
    `${noun}.${verb}`,
    value,
  ]);
  return Object.fromEntries(named) as Named<Noun, Verbs>;
}
