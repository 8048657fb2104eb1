import type { RouteAccess } from './route-access.ts';

/**
 * The rows of the route table that every kind of document has: `noun` is the plural that operations
 * begin with, `id` the parameter of its path, `one` what people call it.
 */
export function documentAccess<const Noun extends string>(
  noun: Noun,
  { path, id, one }: { path: string; id: string; one: string },
) {
  const read = { access: 'sentry.policy.read', live: true } as const;
  const write = { access: 'sentry.policy.write', live: true } as const;
  const single = `${path}/{${id}}`;
  return [
    {
      operation: `${noun}.list`,
      method: 'GET',
      path,
      ...read,
      summary: `Every ${one} in force.`,
    },
    {
      operation: `${noun}.create`,
      method: 'POST',
      path,
      ...write,
      summary: `A new ${one}; 409 when there is one of that id.`,
    },
    { operation: `${noun}.get`, method: 'GET', path: single, ...read, summary: `One ${one}.` },
    {
      operation: `${noun}.replace`,
      method: 'PUT',
      path: single,
      ...write,
      summary: `The next version of a ${one}; the former stays in its history.`,
    },
    {
      operation: `${noun}.delete`,
      method: 'DELETE',
      path: single,
      ...write,
      summary: `Takes a ${one} out of force; its history stays.`,
    },
    {
      operation: `${noun}.versions`,
      method: 'GET',
      path: `${single}/versions`,
      ...read,
      summary: `Every version of a ${one}, newest first, also of one that was removed.`,
    },
  ] as const satisfies readonly RouteAccess[];
}
