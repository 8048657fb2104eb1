import type { Service } from './schema.ts';

/** Most neighbours that are told; those that a service needs come first. */
const NEIGHBOURS_MAX = 20;

/** The services that one needs, and then those that need it, each by name. Pure. */
export function neighboursOf(
  name: string,
  services: readonly Pick<Service, 'service' | 'depends_on'>[],
): string[] {
  const needed = services.find(({ service }) => service === name)?.depends_on ?? [];
  const needing = services.filter(({ depends_on }) => depends_on.includes(name));
  const names = [...needed.toSorted(), ...needing.map(({ service }) => service).sort()];
  return [...new Set(names)].filter((other) => other !== name).slice(0, NEIGHBOURS_MAX);
}
