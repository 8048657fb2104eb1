import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const IMPORT = /(?:from|import)\s*\(?\s*'((?:#|\.\/)[^']+)'/g;
const TYPES_ONLY = /import type [^;]*;/g;

/** The files of the tree that a file imports when it runs. */
function importsOf(tree: string, file: string): string[] {
  const text = readFileSync(join(tree, file), 'utf8').replaceAll(TYPES_ONLY, '');
  return [...text.matchAll(IMPORT)].map(([, name]) =>
    name!.startsWith('#') ? name!.slice(1) : normalize(join(dirname(file), name!)),
  );
}

/** How far each of `targets` that a file reaches is from it, in imports; those it never loads are absent. */
export function distances(
  tree: string,
  from: string,
  targets: ReadonlySet<string>,
  known: Map<string, string[]>,
): Map<string, number> {
  const found = new Map<string, number>();
  const seen = new Set([from]);
  let ring = [from];
  for (let distance = 1; ring.length > 0; distance++) {
    const next: string[] = [];
    for (const file of ring) {
      const imports = known.get(file) ?? readOr(tree, file);
      known.set(file, imports);
      for (const name of imports) {
        if (seen.has(name)) continue;
        seen.add(name);
        if (targets.has(name)) found.set(name, distance);
        next.push(name);
      }
    }
    ring = next;
  }
  return found;
}

function readOr(tree: string, file: string): string[] {
  try {
    return importsOf(tree, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
