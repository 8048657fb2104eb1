import { parseSync } from 'vite';

/** A node of the ESTree, as loosely as the operators need it; offsets in UTF-16 units. */
export interface Node {
  type: string;
  start: number;
  end: number;
  readonly [key: string]: unknown;
}

/** A node with those around it, the nearest first. */
export interface Place {
  node: Node;
  parents: readonly Node[];
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

/** The value as a node; undefined when it is none. */
export function nodeOf(value: unknown): Node | undefined {
  return isNode(value) ? value : undefined;
}

/** The nodes in a list; none when it is no list. */
export function nodesOf(value: unknown): Node[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** Parses TypeScript; undefined when it is not valid. */
export function parse(file: string, text: string): Node | undefined {
  const { program, errors } = parseSync(file, text);
  return errors.length > 0 ? undefined : (program as unknown as Node);
}

/** Every node but those of types, outer ones first. */
export function* walk(node: Node, parents: readonly Node[] = []): Generator<Place> {
  if (/^TS(?!AsExpression|NonNullExpression|SatisfiesExpression)/.test(node.type)) return;
  if (node.type === 'ImportDeclaration') return;
  const isParenthesis = node.type === 'ParenthesizedExpression';
  if (!isParenthesis) yield { node, parents };
  const around = isParenthesis ? parents : [node, ...parents];
  for (const value of Object.values(node))
    for (const child of isNode(value) ? [value] : nodesOf(value)) yield* walk(child, around);
}

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

/** Whether a node waits for something itself, not in a function within. */
export function waits(node: Node): boolean {
  if (FUNCTIONS.has(node.type)) return false;
  if (node.type === 'AwaitExpression') return true;
  return Object.values(node).some((value) =>
    isNode(value) ? waits(value) : nodesOf(value).some(waits),
  );
}

/** Names of the functions and top constants around a node, outermost first: `record/commitOf`. */
export function nameWithin(parents: readonly Node[]): string {
  const names = parents.flatMap((parent, at) => {
    const isNamed =
      parent.type === 'FunctionDeclaration' ||
      parent.type === 'MethodDefinition' ||
      (parent.type === 'Property' && FUNCTIONS.has(nodeOf(parent.value)?.type ?? '')) ||
      (parent.type === 'VariableDeclarator' &&
        (FUNCTIONS.has(nodeOf(parent.init)?.type ?? '') || isTop(parents, at)));
    const name = nodeOf(parent.id ?? parent.key)?.name;
    return isNamed && typeof name === 'string' ? [name] : [];
  });
  return names.toReversed().join('/');
}

function isTop(parents: readonly Node[], at: number): boolean {
  return parents.slice(at + 1).every(({ type }) => !FUNCTIONS.has(type));
}
