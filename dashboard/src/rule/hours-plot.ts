import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

/** Columns of equal length, an hour each; times in seconds since the epoch. */
export interface HourColumns {
  at: number[];
  matches: number[];
  alerts: number[];
}

/** A chart of the hours of a backtest. */
export interface HoursPlot {
  resize(width: number, height: number): void;
  /** Takes the colours of the theme that is on now. */
  recolour(): void;
  destroy(): void;
}

const HOUR_SECONDS = 3_600;
/** Steps of an axis of counts. */
const WHOLE = [
  1,
  2,
  5,
  10,
  20,
  50,
  ...[1e2, 1e3, 1e4, 1e5, 1e6, 1e7].flatMap((by) => [by, 2 * by, 5 * by]),
];

/** Matches as bars and alerts as points, each with an axis of its own. Fetched with the first result. */
export function createHoursPlot(
  host: HTMLElement,
  { at, matches, alerts }: HourColumns,
  onHour: (index: number | undefined) => void,
): HoursPlot {
  let colours = readColours(host);
  const axis = {
    stroke: () => colours.muted,
    font: `11px ${getComputedStyle(host).fontFamily}`,
    ticks: { stroke: () => colours.line, width: 1 },
  };
  const upTo = (_plot: unknown, _min: number, most: number): [number, number] => [
    0,
    Math.max(1, most * 1.15),
  ];
  const plot = new UPlot(
    {
      width: Math.max(1, host.clientWidth),
      height: Math.max(1, host.clientHeight),
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
      scales: {
        x: { range: (_plot, min, max) => [min - HOUR_SECONDS / 2, max + HOUR_SECONDS / 2] },
        y: { range: upTo },
        alerts: { range: upTo },
      },
      axes: [
        {
          ...axis,
          size: 26,
          grid: { show: false },
          space: 90,
          values: (_plot, splits) => splits.map(hourWords),
        },
        {
          ...axis,
          incrs: WHOLE,
          size: 50,
          space: 28,
          grid: { stroke: () => colours.line, width: 1 },
        },
        {
          ...axis,
          incrs: WHOLE,
          scale: 'alerts',
          side: 1,
          size: 50,
          space: 28,
          grid: { show: false },
        },
      ],
      series: [
        {},
        {
          stroke: () => colours.matches,
          fill: () => colours.matchesFill,
          width: 1,
          points: { show: false },
          paths: UPlot.paths.bars!({ size: [0.8, 40], align: 0 }),
        },
        {
          scale: 'alerts',
          stroke: () => colours.alerts,
          width: 0,
          paths: () => null,
          points: {
            show: true,
            size: 7,
            fill: () => colours.alerts,
            filter: (drawn, index) => (index === 2 ? hoursWith(drawn.data[2]!) : null),
          },
        },
      ],
      hooks: {
        setCursor: [
          ({ cursor: { idx, left } }) =>
            onHour(left === undefined || left < 0 ? undefined : (idx ?? undefined)),
        ],
      },
    },
    [at, matches, alerts],
    host,
  );
  return {
    resize(width, height) {
      if (width > 0 && height > 0) plot.setSize({ width, height });
    },
    recolour() {
      colours = readColours(host);
      plot.redraw(false, true);
    },
    destroy: () => plot.destroy(),
  };
}

/** `22 Nov 14:00`. */
function hourWords(second: number): string {
  const at = new Date(second * 1_000);
  const day = at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
  return `${day} ${at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}`;
}

/** Where a column is not zero. */
function hoursWith(column: ArrayLike<number | null | undefined>): number[] {
  return Array.from(column).flatMap((count, hour) => (count ? [hour] : []));
}

function readColours(host: HTMLElement) {
  const style = getComputedStyle(host);
  const of = (name: string) => style.getPropertyValue(name).trim();
  const matches = of('--sapphire');
  return {
    matches,
    matchesFill: /^#[\da-f]{6}$/i.test(matches) ? `${matches}66` : matches,
    alerts: of('--gold'),
    muted: of('--muted'),
    line: of('--line'),
  };
}
