import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import type { JsonCase } from './bad-json.ts';

/** Public corpora beside the checkout, where somebody has put them. */
const DIRECTORY = join(import.meta.dirname, '../../../shared/data/bad-input');

export const hasCorpus = existsSync(DIRECTORY);

/** The big list of naughty strings. */
export function readNaughtyStrings(): string[] {
  return JSON.parse(readFileSync(join(DIRECTORY, 'blns.json'), 'utf8')) as string[];
}

/** JSONTestSuite: what must parse, must not, and may do either. */
export function readJsonSuite(): (Omit<JsonCase, 'expect'> & { expect: 'y' | 'n' | 'i' })[] {
  const archive = gunzipSync(readFileSync(join(DIRECTORY, 'json-test-suite.tar.gz')));
  return [...readTar(archive)].flatMap(({ path, bytes }) => {
    const name = /([yni])_[^/]+\.json$/.exec(path);
    return name ? [{ name: name[0], expect: name[1] as 'y' | 'n' | 'i', bytes }] : [];
  });
}

/** The files of a tar archive (POSIX ustar: 512-byte headers, octal sizes). */
function* readTar(archive: Buffer): Generator<{ path: string; bytes: Buffer }> {
  for (let at = 0; at + 512 <= archive.length;) {
    const path = archive.toString('utf8', at, at + 100).replace(/\0.*$/s, '');
    if (path === '') return;
    const size = Number.parseInt(archive.toString('latin1', at + 124, at + 136), 8);
    yield { path, bytes: archive.subarray(at + 512, at + 512 + size) };
    at += 512 + Math.ceil(size / 512) * 512;
  }
}
