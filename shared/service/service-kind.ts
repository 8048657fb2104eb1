import { checkDocument } from '#shared/document/check-document.ts';
import type { DocumentKind } from '#shared/document/kind.ts';
import type { InputIssue } from '#shared/kernel/error.ts';

import { Service } from './schema.ts';

/** Services as documents. Circles are allowed: services do call each other. */
export const SERVICE_KIND: DocumentKind<Service> = {
  noun: 'service',
  idOf: ({ service }) => service,
  check: (input) => checkDocument('service', Service, findIssues, input),
};

function findIssues({ service, depends_on }: Service): InputIssue[] {
  const issues: InputIssue[] = [];
  if (depends_on.includes(service))
    issues.push({ path: 'depends_on', message: 'does not name the service itself' });
  if (new Set(depends_on).size < depends_on.length)
    issues.push({ path: 'depends_on', message: 'names each service once' });
  return issues;
}
