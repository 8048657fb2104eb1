/** The four severities, lowest first; comparisons use the index. */
export const SEVERITIES = ['INFO', 'WARN', 'ERROR', 'CRITICAL'] as const;
export type Severity = (typeof SEVERITIES)[number];

const ALIASES: Readonly<Record<string, Severity>> = {
  info: 'INFO',
  informational: 'INFO',
  information: 'INFO',
  notice: 'INFO',
  low: 'INFO',
  debug: 'INFO',
  trace: 'INFO',
  ok: 'INFO',
  warn: 'WARN',
  warning: 'WARN',
  medium: 'WARN',
  moderate: 'WARN',
  error: 'ERROR',
  err: 'ERROR',
  high: 'ERROR',
  severe: 'ERROR',
  critical: 'CRITICAL',
  crit: 'CRITICAL',
  fatal: 'CRITICAL',
  alert: 'CRITICAL',
  emergency: 'CRITICAL',
  emerg: 'CRITICAL',
  panic: 'CRITICAL',
};

/** Reads a producer's word for severity ("high", "Warning", "FATAL"); undefined when it is none. */
export function parseSeverity(word: unknown): Severity | undefined {
  if (typeof word !== 'string') return undefined;
  const key = word.trim().toLowerCase();
  return Object.hasOwn(ALIASES, key) ? ALIASES[key] : undefined;
}

/** Negative when `a` is milder than `b`, 0 when equal, positive when graver. */
export function compareSeverity(a: Severity, b: Severity): number {
  return SEVERITIES.indexOf(a) - SEVERITIES.indexOf(b);
}

/** The graver of the two. */
export function maxSeverity(a: Severity, b: Severity): Severity {
  return compareSeverity(a, b) >= 0 ? a : b;
}
