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

/** The text with a probe before every statement: `file:offset` is noted when it is reached. */
export function putProbes(file: string, text: string): string {
  let probed = '';
  let from = 0;
  for (const start of statementsOf(file, text)) {
    probed += `${text.slice(from, start)}globalThis.__reached?.add('${file}:${start}');`;
    from = start;
  }
  return probed + text.slice(from);
}

/** Tells for any offset of the text which probe is reached before the code there runs, if one is. */
export function findProbes(file: string, text: string): (offset: number) => string | undefined {
  const program = parse(file, text);
  const starts = new Set(statementsOf(file, text));
  const nodes = program ? [...walk(program)].map(({ node }) => node) : [];
  const statements = nodes.filter(({ start }) => starts.has(start));
  return (offset) => {
    // Inner ones come later.
    const around = statements.findLast(({ start, end }) => start <= offset && offset < end);
    return around && `${file}:${around.start}`;
  };
}
