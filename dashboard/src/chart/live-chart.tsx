import { useEffect, useRef, useState } from 'react';

import { onThemeChange } from './theme-change.ts';
import { makeLanguageValid } from './valid-language.ts';
import type { OnPoint, Plot } from './plot.ts';
import type { RateHistory } from './rate-history.ts';

interface Props {
  history: RateHistory;
  spanSeconds: number;
  /** What the canvas shows, in a sentence. */
  label: string;
}

/** The lines of the last minutes, drawn once a second; nothing of it goes through React. */
export function LiveChart({ history, spanSeconds, label }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const readout = useRef<HTMLParagraphElement>(null);
  const latest = useRef({ history, spanSeconds });
  latest.current = { history, spanSeconds };
  const [isFailed, setIsFailed] = useState(false);

  useEffect(() => {
    let plot: Plot | undefined;
    let isGone = false;
    const draw = () => {
      const held = latest.current;
      if (document.visibilityState === 'visible')
        plot?.draw(held.history.columns(), Math.floor(Date.now() / 1000), held.spanSeconds);
    };
    const resizes = new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect;
      plot?.resize(Math.floor(width), Math.floor(height));
    });
    const stopTheme = onThemeChange(() => plot?.recolour());
    const timer = setInterval(draw, 1_000);
    makeLanguageValid();
    import('./plot.ts')
      .then(({ createPlot }) => {
        if (isGone || !host.current) return;
        plot = createPlot(host.current, (point) => say(readout.current, point));
        resizes.observe(host.current);
        draw();
      })
      .catch(() => setIsFailed(true));
    return () => {
      isGone = true;
      clearInterval(timer);
      stopTheme();
      resizes.disconnect();
      plot?.destroy();
    };
  }, []);

  if (isFailed)
    return <p className="muted">The chart could not be fetched; the table has its numbers.</p>;
  return (
    <div className="chart">
      <div className="chart-legend">
        <span className="chart-key chart-key-events">Events/s</span>
        <span className="chart-key chart-key-matches">Matches/s</span>
        <p ref={readout} className="chart-readout" aria-hidden="true" />
      </div>
      <div ref={host} className="chart-canvas" role="img" aria-label={label} />
    </div>
  );
}

function say(readout: HTMLElement | null, point: Parameters<OnPoint>[0]): void {
  if (!readout) return;
  if (!point) return void (readout.textContent = '');
  const time = new Date(point.at * 1_000).toLocaleTimeString('en-GB');
  const counts =
    point.events === null ? 'not watched' : `${point.events} events, ${point.matches ?? 0} matches`;
  readout.textContent = `${time}  ${counts}`;
}
