/** A secret as it stood at one version; the version is absent where the store keeps none. */
export interface Secret {
  value: string;
  version?: string;
}

/** Named secrets, kept for five minutes after each read. */
export interface SecretStore {
  /**
   * The secret of that name, at that version or the newest. Undefined when there is none.
   * Throws `unavailable` on throttling and network faults, `internal` when reading is not allowed.
   */
  get(name: string, version?: string): Promise<Secret | undefined>;
}
