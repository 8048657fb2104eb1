import type { Edit } from '#infra/mutation/mutant.ts';
import { type Node, nodesOf, type Place, waits, walk } from '#infra/mutation/syntax.ts';

const JUMPS = new Set([
  'ReturnStatement',
  'ThrowStatement',
  'BreakStatement',
  'ContinueStatement',
  'FunctionDeclaration',
]);

/** Names that a declaration brings into being. */
function declared(statement: Node): Set<string> {
  if (statement.type !== 'VariableDeclaration') return new Set();
  const names = nodesOf(statement.declarations).flatMap(({ id }) => identifiers(id as Node));
  return new Set(names);
}

function identifiers(node: Node): string[] {
  return [...walk(node)].flatMap(({ node: { type, name } }) =>
    type === 'Identifier' && typeof name === 'string' ? [name] : [],
  );
}

/** Neighbours of which at least one waits and both do something, in the other order. */
export function orderEdits({ node }: Place, text: string): Edit[] {
  if (node.type !== 'BlockStatement') return [];
  const statements = nodesOf(node.body);
  return statements.flatMap((first, at): Edit[] => {
    const second = statements[at + 1];
    if (!second || JUMPS.has(first.type) || JUMPS.has(second.type)) return [];
    if (!waits(first) || !(waits(second) || second.type === 'ExpressionStatement')) return [];
    const names = declared(first);
    if (identifiers(second).some((name) => names.has(name))) return [];
    const between = text.slice(first.end, second.start);
    const [one, two] = [first, second].map(({ start, end }) => text.slice(start, end));
    return [
      {
        what: 'order of two steps swapped',
        start: first.start,
        end: second.end,
        after: `${two}${between}${one}`,
      },
    ];
  });
}
