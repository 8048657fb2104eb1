import { memo } from 'react';
import { useLocation } from 'wouter';

import { severityWord, SHAPES } from '#dashboard/shell/badge.tsx';
import { showHidden } from '#dashboard/shell/format.ts';

import { heatWords, type ServiceHeat } from './heat.ts';
import { NODE_HEIGHT, NODE_WIDTH } from './node-size.ts';
import type { MapLayout } from './layout.ts';

/** Letters that fit a node. */
const NAME_MAX = 12;
const WORDS_MAX = 19;

interface Props {
  services: readonly ServiceHeat[];
  layout: MapLayout;
  hrefOf: (service: string) => string;
}

/** The topology as a drawing: colour, shape and words say how each service fares. */
export function HealthMap({ services, layout, hrefOf }: Props) {
  const impaired = new Map(services.map(({ service, impairedBy }) => [service, impairedBy]));
  const grave = new Set(services.flatMap(({ impairedBy }) => impairedBy));
  return (
    <svg
      className="map"
      viewBox={`0 0 ${layout.width} ${layout.height}`}
      role="group"
      aria-label="Services and what they depend on"
      preserveAspectRatio="xMidYMid meet"
    >
      <g className="map-edges" aria-hidden="true">
        {layout.edges.map(({ from, to, path }) => {
          const isHot = grave.has(to) || (impaired.get(to)?.length ?? 0) > 0;
          return (
            <path key={`${from}\n${to}`} className={`map-edge ${isHot ? 'is-hot' : ''}`} d={path} />
          );
        })}
      </g>
      {services.map((service) => {
        const at = layout.nodes.get(service.service);
        return (
          at && (
            <MapNode
              key={service.service}
              x={at.x}
              y={at.y}
              name={service.service}
              heat={service.severity ?? (service.impairedBy.length > 0 ? 'impaired' : 'quiet')}
              words={heatWords(service)}
              href={hrefOf(service.service)}
            />
          )
        );
      })}
    </svg>
  );
}

type Heat = 'quiet' | 'impaired' | keyof typeof SHAPES;

/** A tick for what is quiet, a broken ring for what is impaired by others. */
const OTHER_SHAPES = {
  quiet: 'M2.5 8.5 6.5 12.5 13.5 4.5',
  impaired: 'M8 2.5a5.5 5.5 0 0 1 5.5 5.5M8 13.5A5.5 5.5 0 0 1 2.5 8',
} as const;

const MapNode = memo(function MapNode({
  x,
  y,
  name,
  heat,
  words,
  href,
}: {
  x: number;
  y: number;
  name: string;
  heat: Heat;
  words: string;
  href: string;
}) {
  const [, navigate] = useLocation();
  const isAlerting = heat !== 'quiet' && heat !== 'impaired';
  const state = isAlerting ? `${severityWord(heat)}: ${words}` : words;
  const shown = showHidden(name);
  return (
    <a
      href={href}
      className={`map-node heat-${heat}`}
      data-service={name}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        navigate(href);
      }}
    >
      <title>{`${shown}: ${state}`}</title>
      <g transform={`translate(${x - NODE_WIDTH / 2} ${y - NODE_HEIGHT / 2})`}>
        <rect className="map-box" width={NODE_WIDTH} height={NODE_HEIGHT} rx="9" />
        <path
          className={isAlerting ? 'map-shape' : 'map-shape map-shape-line'}
          transform="translate(9 8)"
          d={isAlerting ? SHAPES[heat] : OTHER_SHAPES[heat]}
        />
        <text className="map-name" x="31" y="21">
          {cut(shown, NAME_MAX)}
        </text>
        <text className="map-words" x="9" y="40">
          {cut(isAlerting ? `${severityWord(heat)} · ${words}` : showHidden(words), WORDS_MAX)}
        </text>
      </g>
    </a>
  );
});

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
