import { HEALTH_WORDS, type HealthState } from './words.ts';

/** One shape each: a tick in a circle, a triangle, a cross in an octagon, an empty ring, a bar. */
const SHAPES: Readonly<Record<HealthState, string>> = {
  ok: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2Zm-2.6 6.2 1.9 1.9 3.6-4',
  failing: 'M8 2l6.2 11.5H1.8zM8 6.5v3.2m0 1.6v.1',
  broken: 'M5.2 1.5h5.6l3.7 3.7v5.6l-3.7 3.7H5.2l-3.7-3.7V5.2zm.5 4.2 4.6 4.6m0-4.6-4.6 4.6',
  idle: 'M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11Z',
  off: 'M3 8h10',
};

/** Colour, shape and word. */
export function HealthBadge({ state }: { state: HealthState }) {
  return (
    <span className={`health-badge health-badge-${state}`}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={SHAPES[state]} />
      </svg>
      {HEALTH_WORDS[state]}
    </span>
  );
}
