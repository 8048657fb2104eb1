/** The numbers of a state by name, in the order of `keys`. */
export function numbersOf<Key extends string>(
  state: Readonly<Record<Key, number>>,
  keys: readonly Key[],
): number[] {
  return keys.map((key) => state[key]);
}

/** The other way round; numbers beyond the keys are left alone. */
export function named<Key extends string>(
  keys: readonly Key[],
  numbers: readonly number[],
): Record<Key, number> {
  return Object.fromEntries(keys.map((key, index) => [key, numbers[index]!])) as Record<
    Key,
    number
  >;
}
