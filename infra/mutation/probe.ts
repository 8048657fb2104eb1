import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { nodesOf, parse, walk } from './syntax.ts';

const BLOCKS = new Set(['BlockStatement', 'Program']);
const SILENT = /^(Import|Export|TS|FunctionDeclaration)/;

/** Offsets of the statements of a file that can say that they were reached. */
function statementsOf(file: string, text: string): number[] {
  const program = parse(file, text);
  if (!program) return [];
  const found = new Set<number>();
  for (const { node } of walk(program))
    if (BLOCKS.has(node.type) || node.type === 'SwitchCase')
      for (const { type, start } of nodesOf(node.body ?? node.consequent))
        if (!SILENT.test(type)) found.add(start);
  return [...found].sort((a, b) => a - b);
}

/** Puts a probe before every statement of the files in the tree: `file:offset` is noted when it is reached. */
export function putProbes(tree: string, files: readonly string[]): void {
  for (const file of files) {
    const text = readFileSync(join(tree, file), 'utf8');
    let probed = '';
    let from = 0;
    for (const start of statementsOf(file, text)) {
      probed += `${text.slice(from, start)}globalThis.__reached?.add('${file}:${start}');`;
      from = start;
    }
    writeFileSync(join(tree, file), probed + text.slice(from));
  }
}

/** The probe that is reached when the code at `offset` is about to run: of the statement around it. */
export function probeOf(file: string, text: string, offset: number): string | undefined {
  const program = parse(file, text);
  if (!program) return undefined;
  const starts = new Set(statementsOf(file, text));
  let nearest: number | undefined;
  for (const { node } of walk(program))
    if (starts.has(node.start) && node.start <= offset && offset < node.end) nearest = node.start;
  return nearest === undefined ? undefined : `${file}:${nearest}`;
}

/** Run before each test file of the dry run: leaves what was reached beside it. */
export const SETUP = `
import { afterAll, expect } from 'vitest';
import { writeFileSync } from 'node:fs';
globalThis.__reached = new Set();
afterAll(() => {
  writeFileSync(expect.getState().testPath + '.reached', JSON.stringify([...globalThis.__reached]));
});
`;
