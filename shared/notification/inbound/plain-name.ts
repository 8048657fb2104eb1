/** A name from outside as one plain line; what people call themselves may be anything. */
export function plainName(name: string | undefined, id: string): string {
  const plain = (name ?? '').replace(/[^\p{L}\p{N} ._@-]+/gu, ' ').trim();
  return (plain === '' ? id.replace(/\W+/gu, '') : plain).slice(0, 80).toWellFormed();
}
