/** Where a case's truth comes from. */
export const SOURCES = {
  operators: 'EventBridge User Guide, "Comparison operators for use in event patterns"',
  patterns: 'EventBridge User Guide, "Creating event patterns"',
  arrays: 'EventBridge User Guide, "Arrays in event patterns"',
  nulls: 'EventBridge User Guide, "Null values and empty strings in event patterns"',
  ruler: 'aws/event-ruler README',
  rulerArrays: 'aws/event-ruler README, "JSON Array Matching"',
  rulerCode: 'aws/event-ruler source: JsonRuleCompiler, CIDR, NameState',
  sentry: 'architecture.md §5 and reliability.md §8: own keys only, hostile input',
} as const;

/** [source, what is guaranteed, pattern, event, matches] */
export type MatchCase = readonly [
  source: keyof typeof SOURCES,
  name: string,
  pattern: Record<string, unknown>,
  event: unknown,
  matches: boolean,
];
