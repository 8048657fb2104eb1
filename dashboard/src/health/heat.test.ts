import { describe, expect, it } from 'vitest';

import { buildLine } from '#dashboard/alert/build-line.testing.ts';

import { heatOf, heatWords } from './heat.ts';
import { layOut } from './layout.ts';

const node = (service: string, depends_on: string[] = []) => ({
  service,
  description: '',
  depends_on,
  described: true,
});
const TOPOLOGY = [
  node('web', ['checkout']),
  node('checkout', ['payments', 'web']),
  node('payments'),
  node('batch'),
];

describe('the heat of a topology', () => {
  const alerts = [
    buildLine({ alert_id: 'a', service: 'payments', severity: 'WARN', state: 'OPEN' }),
    buildLine({ alert_id: 'b', service: 'payments', severity: 'ERROR', state: 'ACK' }),
    buildLine({ alert_id: 'c', service: 'batch', severity: 'CRITICAL', state: 'RESOLVED' }),
    buildLine({ alert_id: 'd', service: 'stranger', severity: 'INFO', state: 'OPEN' }),
  ];
  const heat = heatOf(TOPOLOGY, alerts);
  const of = (name: string) => heat.find(({ service }) => service === name)!;

  it('is that of the gravest active alert, in words too', () => {
    expect(of('payments')).toMatchObject({ severity: 'ERROR', open: 1, acknowledged: 1 });
    expect(heatWords(of('payments'))).toBe('1 open, 1 ack');
    expect(heatWords(of('batch'))).toBe('quiet');
  });

  it('says which service in trouble another needs, through others and around circles', () => {
    expect(of('web').impairedBy).toEqual(['payments']);
    expect(heatWords(of('checkout'))).toBe('needs payments');
    expect(of('payments').impairedBy).toEqual([]);
  });

  it('holds services that only alerts name', () => {
    expect(of('stranger')).toMatchObject({ described: false, severity: 'INFO', open: 1 });
  });
});

describe('the layout of a topology', () => {
  it('places every service and every edge between known ones, dependents above', () => {
    const { nodes, edges, width, height } = layOut([...TOPOLOGY.slice(0, 3), node('x', ['gone'])]);
    expect([...nodes.keys()].sort()).toEqual(['checkout', 'payments', 'web', 'x']);
    expect(edges.map(({ from, to }) => `${from} ${to}`).sort()).toEqual([
      'checkout payments',
      'checkout web',
      'web checkout',
    ]);
    expect(nodes.get('checkout')!.y).toBeLessThan(nodes.get('payments')!.y);
    for (const { x, y } of nodes.values()) {
      expect(x).toBeLessThan(width);
      expect(y).toBeLessThan(height);
    }
  });
});
