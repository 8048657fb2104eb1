import { Link } from 'wouter';

import { SeverityBadge } from '#dashboard/shell/badge.tsx';

import type { ServiceHeat } from './heat.ts';

interface Props {
  services: readonly ServiceHeat[];
  hrefOf: (service: string) => string;
}

/** The map in words and numbers. */
export function HealthTable({ services, hrefOf }: Props) {
  return (
    <div className="tile-scroll" tabIndex={0} role="region" aria-label="Services as a table">
      <table className="table tile-table">
        <caption className="hidden">How each service fares</caption>
        <thead>
          <tr>
            <th scope="col">Service</th>
            <th scope="col">Health</th>
            <th scope="col" className="cell-count">
              Open
            </th>
            <th scope="col" className="cell-count">
              Ack
            </th>
            <th scope="col">Depends on</th>
            <th scope="col">Owner</th>
          </tr>
        </thead>
        <tbody>
          {services.map((service) => (
            <tr key={service.service}>
              <th scope="row">
                <Link href={hrefOf(service.service)} title={service.description || undefined}>
                  <bdi>{service.service}</bdi>
                </Link>
              </th>
              <td>
                <Health service={service} />
              </td>
              <td className="cell-count">{service.open}</td>
              <td className="cell-count">{service.acknowledged}</td>
              <td>
                <bdi className="muted">{service.depends_on.join(', ') || '—'}</bdi>
              </td>
              <td>
                <bdi className="muted">{service.owner ?? '—'}</bdi>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Health({ service: { severity, impairedBy } }: { service: ServiceHeat }) {
  if (severity !== undefined) return <SeverityBadge severity={severity} />;
  if (impairedBy.length === 0) return <span className="muted">Quiet</span>;
  return (
    <span>
      Impaired by <bdi>{impairedBy.join(', ')}</bdi>
    </span>
  );
}
