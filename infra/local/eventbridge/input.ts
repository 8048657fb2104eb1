import type { Envelope } from './entry.ts';
import type { Target } from './store.ts';

/** The JSON text a target receives: its constant input, the part its path names, or the whole event. */
export function shapeInput(target: Target, envelope: Envelope): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath === undefined) return JSON.stringify(envelope);
  let part: unknown = envelope;
  for (const name of target.InputPath.split('.').slice(1)) {
    part =
      typeof part === 'object' && part !== null && Object.hasOwn(part, name)
        ? (part as Record<string, unknown>)[name]
        : undefined;
  }
  return JSON.stringify(part ?? null);
}
