/** A metric with the spans in which people (or a generator) saw something wrong. */
export interface LabelledSeries {
  name: string;
  /** Event times, ms since the Unix epoch, in the order the points came. */
  times: Float64Array;
  values: Float64Array;
  /** First and last index of each span, in order, both inside it. */
  windows: readonly (readonly [first: number, last: number])[];
}

/** The scores a detector gave, one per point of the series. */
export type Scores = Float64Array;
