/** An id from a name: a-z, 0-9 and "-", at most 48. */
export function slugOf(name: string): string {
  const plain = name.normalize('NFD').toLowerCase();
  return plain
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 48)
    .replace(/^-+|-+$/g, '');
}

/** The same with a tail, so that two of one name do not meet. */
export function newId(name: string): string {
  return `${slugOf(name) || 'new'}-${crypto.randomUUID().slice(0, 6)}`;
}
