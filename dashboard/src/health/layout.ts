import { Graph, layout } from '@dagrejs/dagre';

import type { TopologyService } from './heat.ts';
import { NODE_HEIGHT, NODE_WIDTH } from './node-size.ts';

/** Where the nodes and edges of a topology stand, in px of the drawing. */
export interface MapLayout {
  width: number;
  height: number;
  /** Centres of the nodes. */
  nodes: ReadonlyMap<string, { x: number; y: number }>;
  /** From a service to what it depends on; `path` is the `d` of an SVG path. */
  edges: readonly { from: string; to: string; path: string }[];
}

/** Lays a topology out in layers, dependents above. This module's chunk is fetched with the first map. */
export function layOut(
  services: readonly Pick<TopologyService, 'service' | 'depends_on'>[],
): MapLayout {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'TB', nodesep: 12, ranksep: 58, marginx: 4, marginy: 4 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { service } of services)
    graph.setNode(service, { width: NODE_WIDTH, height: NODE_HEIGHT });
  for (const { service, depends_on } of services)
    for (const to of depends_on) if (graph.hasNode(to)) graph.setEdge(service, to);
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  const nodes = new Map(
    graph.nodes().map((name) => {
      const { x, y } = graph.node(name) as { x: number; y: number };
      return [name, { x, y }];
    }),
  );
  const edges = graph.edges().map(({ v, w }) => {
    const { points } = graph.edge(v, w) as { points: readonly { x: number; y: number }[] };
    return { from: v, to: w, path: curve(points) };
  });
  return { width, height, nodes, edges };
}

/** A smooth line through the points: straight ends, curves around the points between. */
function curve(points: readonly { x: number; y: number }[]): string {
  const [first, ...rest] = points;
  if (!first) return '';
  let path = `M${round(first.x)},${round(first.y)}`;
  for (const [index, point] of rest.entries()) {
    const next = rest[index + 1];
    if (!next) path += `L${round(point.x)},${round(point.y)}`;
    else {
      const middle = { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
      path += `Q${round(point.x)},${round(point.y)} ${round(middle.x)},${round(middle.y)}`;
    }
  }
  return path;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
