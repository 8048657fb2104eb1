import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

import type { RateColumns } from './rate-history.ts';

/** A chart on a canvas. */
export interface Plot {
  /** Draws the last `spanSeconds` up to `now`, seconds since the epoch. */
  draw(columns: RateColumns, now: number, spanSeconds: number): void;
  resize(width: number, height: number): void;
  /** Takes the colours of the theme that is on now. */
  recolour(): void;
  destroy(): void;
}

/** What stands under the pointer; undefined when it has left. */
export type OnPoint = (
  point: { at: number; events: number | null; matches: number | null } | undefined,
) => void;

const AXIS_SPACE_PX = 46;
const DASH = [4, 3];
/** Up to here each second is a point one can see. */
const FEW_SECONDS = 600;
const LINE_PX = 1.5;

/**
 * Events and matches per second as two lines on one time axis, each with a scale of its own. The chunk
 * of this module is fetched when the first chart is shown.
 */
export function createPlot(host: HTMLElement, onPoint: OnPoint): Plot {
  let colours = readColours(host);
  let range: [number, number] = [0, 1];
  const axis = {
    stroke: () => colours.muted,
    font: `11px ${getComputedStyle(host).fontFamily}`,
    ticks: { stroke: () => colours.line, width: 1 },
  };
  const plot = new UPlot(
    {
      width: Math.max(1, host.clientWidth),
      height: Math.max(1, host.clientHeight),
      pxAlign: 0,
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
      scales: {
        x: { range: () => range },
        y: { range: (_plot, _min, most) => [0, niceTop(most)] },
        matches: { range: (_plot, _min, most) => [0, niceTop(most)] },
      },
      axes: [
        {
          ...axis,
          size: 26,
          grid: { show: false },
          space: 90,
          values: (_plot, splits) => splits.map(clock),
        },
        { ...axis, size: AXIS_SPACE_PX, space: 28, grid: { stroke: () => colours.line, width: 1 } },
        {
          ...axis,
          scale: 'matches',
          side: 1,
          size: AXIS_SPACE_PX,
          space: 28,
          grid: { show: false },
        },
      ],
      series: [
        {},
        {
          stroke: () => colours.events,
          fill: () => colours.eventsFill,
          width: LINE_PX,
          points: { show: false },
        },
        {
          scale: 'matches',
          stroke: () => colours.matches,
          width: LINE_PX,
          dash: DASH,
          points: { show: false },
        },
      ],
      hooks: {
        setCursor: [
          (drawn) => {
            const { idx, left } = drawn.cursor;
            const at = idx === null || idx === undefined ? undefined : drawn.data[0][idx];
            if (at === undefined || left === undefined || left < 0) return onPoint(undefined);
            onPoint({
              at,
              events: drawn.data[1]![idx!] ?? null,
              matches: drawn.data[2]![idx!] ?? null,
            });
          },
        ],
      },
    },
    [[], [], []],
    host,
  );
  return {
    draw(columns, now, spanSeconds) {
      range = [now - spanSeconds, now];
      dress(plot, spanSeconds > FEW_SECONDS);
      plot.setData([columns.at, columns.events, columns.matches]);
    },
    resize(width, height) {
      if (width > 0 && height > 0 && (width !== plot.width || height !== plot.height))
        plot.setSize({ width, height });
    },
    recolour() {
      colours = readColours(host);
      plot.redraw(false, true);
    },
    destroy: () => plot.destroy(),
  };
}

/** Thousands of points are thin whole lines: dashes and width along them cost more than all the rest. */
function dress(plot: UPlot, isDense: boolean): void {
  const [, events, matches] = plot.series;
  events!.width = matches!.width = isDense ? 1 / devicePixelRatio : LINE_PX;
  matches!.dash = isDense ? [] : DASH;
}

/** A top of the scale with room above the highest point; at least 1. */
function niceTop(most: number | null): number {
  return Math.max(1, (most ?? 0) * 1.15);
}

function clock(second: number): string {
  return new Date(second * 1_000).toLocaleTimeString('en-GB');
}

function readColours(host: HTMLElement) {
  const style = getComputedStyle(host);
  const of = (name: string) => style.getPropertyValue(name).trim();
  const events = of('--sapphire');
  return {
    events,
    eventsFill: /^#[\da-f]{6}$/i.test(events) ? `${events}22` : 'transparent',
    matches: of('--gold'),
    muted: of('--muted'),
    line: of('--line'),
  };
}
