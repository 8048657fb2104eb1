/** One number of a bench. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  note?: string;
}

export interface BenchResult {
  figures: Figure[];
}

/** The value below which a share `q` of the sorted samples lies (nearest rank). */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}
