/**
 * Cuts JSON texts into runs of at most `bytesMax` bytes, commas counted; a text that is alone too long
 * makes a run of its own. No texts make one empty run.
 */
export function cutByBytes(texts: readonly string[], bytesMax: number): string[][] {
  const runs: string[][] = [[]];
  let bytes = 0;
  for (const text of texts) {
    const size = Buffer.byteLength(text) + 1;
    if (bytes + size > bytesMax && runs.at(-1)!.length > 0) {
      runs.push([]);
      bytes = 0;
    }
    runs.at(-1)!.push(text);
    bytes += size;
  }
  return runs;
}
