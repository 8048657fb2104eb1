import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Folders that no test of the protocol needs. */
const LEFT_OUT = /^(dashboard|cdk\.out|dist)\//;

/** A copy of the checkout as it stands, uncommitted files included, where faults can be put into files. */
export function copyTree(root: string): string {
  const tree = mkdtempSync(join(tmpdir(), 'sentry-mutation-'));
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const names = execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 });
  for (const name of names.split('\0')) {
    if (name === '' || LEFT_OUT.test(name)) continue;
    mkdirSync(join(tree, dirname(name)), { recursive: true });
    // A file that is listed may have been deleted since.
    try {
      cpSync(join(root, name), join(tree, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  linkPackages(root, tree);
  return tree;
}

/** Lets the copy find the packages of the checkout. */
export function linkPackages(root: string, tree: string): void {
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
}
