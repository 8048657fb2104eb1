import type { ResponseRules } from '#shared/response/rules.ts';

import type { CommitPorts } from './commit-series.ts';

/** Reads each tenant's response at most once in one run, a batch or a sweep, and only when an alert opens. */
export function rememberResponse(ports: Pick<CommitPorts, 'response'>): CommitPorts['response'] {
  const read = new Map<string, Promise<ResponseRules>>();
  return (tenant) => {
    const known = read.get(tenant);
    if (known) return known;
    const response = ports.response(tenant);
    read.set(tenant, response);
    // One failed read must not fail every later try.
    response.catch(() => read.delete(tenant));
    return response;
  };
}
