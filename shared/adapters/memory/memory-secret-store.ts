import type { SecretStore } from '#shared/ports/secret-store.ts';

/** Secrets in this process's memory, for tests; every `set` makes a version, counted from 1. */
export function createMemorySecretStore(secrets: Readonly<Record<string, string>> = {}): {
  secrets: SecretStore;
  set(name: string, value: string): void;
} {
  const versions = new Map<string, string[]>();
  const set = (name: string, value: string) =>
    void versions.set(name, [...(versions.get(name) ?? []), value]);
  for (const [name, value] of Object.entries(secrets)) set(name, value);
  return {
    set,
    secrets: {
      async get(name, version) {
        const known = versions.get(name) ?? [];
        const number = version === undefined ? known.length : Number(version);
        const value = known[number - 1];
        return value === undefined ? undefined : { value, version: String(number) };
      },
    },
  };
}
