import { cleanText } from './clean-text.ts';

/** How a missing field is shown. */
export function missingField(path: string): string {
  return `‹${path}›`;
}

/** A field's value for people: one clean line of at most `max` characters; `‹path›` when it is missing. Never throws. */
export function showValue(value: unknown, path: string, max: number): string {
  return cleanText(rawText(value, path), max);
}

/** A field's value as text, whole and unchanged; `‹path›` when it is missing. Never throws. */
export function rawText(value: unknown, path: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === null) return 'null';
  try {
    return JSON.stringify(value) ?? missingField(path);
  } catch {
    return missingField(path);
  }
}
