import { syntaxTree } from '@codemirror/language';
import type { EditorState } from '@codemirror/state';

import type { Path } from './schema.ts';

type Node = ReturnType<ReturnType<typeof syntaxTree>['resolveInner']>;

/** Where in the text something is. */
interface Range {
  from: number;
  to: number;
}

/** The text of a string or of a property's name, without its quotes. */
export function textOf(state: EditorState, { from, to }: Range): string {
  const text = state.sliceDoc(from, to);
  try {
    return String(JSON.parse(text));
  } catch {
    return text.replace(/^"|"$/g, '');
  }
}

/** The path from the whole document to a node. */
export function pathOf(state: EditorState, node: Node): Path {
  const path: (string | number)[] = [];
  for (let at: Node | null = node; at; at = at.parent) {
    if (at.name === 'Property') {
      const name = at.getChild('PropertyName');
      if (name && at !== node) path.unshift(textOf(state, name));
    } else if (at.parent?.name === 'Array' && isValue(at)) path.unshift(indexOf(at));
  }
  return path;
}

function isValue({ name }: Node): boolean {
  return /^(?:Object|Array|String|Number|True|False|Null)$/.test(name);
}

function indexOf(node: Node): number {
  let index = 0;
  for (let at = node.prevSibling; at; at = at.prevSibling) if (isValue(at)) index++;
  return index;
}

/** The properties of the object at a path whose values are plain strings. */
export function stringsAt(state: EditorState, path: Path): Record<string, string> {
  const strings: Record<string, string> = {};
  const node = nodeAt(state, path).node;
  for (const property of node.getChildren('Property')) {
    const name = property.getChild('PropertyName');
    const value = property.getChild('String');
    if (name && value) strings[textOf(state, name)] = textOf(state, value);
  }
  return strings;
}

/** Reads `tests[0].expect`; a property whose name holds dots is found by what is written. */
export function readPath(path: string): Path {
  return [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, name]) =>
    index === undefined ? name! : Number(index),
  );
}

/** The node at a path, or the innermost on the way to it; `name` is the property it is the value of. */
function nodeAt(state: EditorState, path: Path): { node: Node; name?: Node; isWhole: boolean } {
  let node: Node = syntaxTree(state).topNode.firstChild ?? syntaxTree(state).topNode;
  let name: Node | undefined;
  for (let depth = 0; depth < path.length; depth++) {
    const found = stepInto(state, node, path, depth);
    if (!found) return { node, ...(name && { name }), isWhole: false };
    node = found.node;
    name = found.name;
    depth = found.depth;
  }
  return { node, ...(name && { name }), isWhole: true };
}

function stepInto(state: EditorState, node: Node, path: Path, depth: number) {
  const step = path[depth]!;
  if (typeof step === 'number') {
    let item = node.name === 'Array' ? node.firstChild : null;
    for (let left = step; item; item = item.nextSibling)
      if (isValue(item) && left-- === 0) return { node: item, name: undefined, depth };
    return undefined;
  }
  const properties = node.getChildren('Property');
  for (let end = depth; end < path.length; end++) {
    const wanted = path.slice(depth, end + 1).join('.');
    for (const property of properties) {
      const name = property.getChild('PropertyName');
      const value = property.lastChild;
      if (name && value && textOf(state, name) === wanted) return { node: value, name, depth: end };
    }
  }
  return undefined;
}

/** What to underline for a path: the plain value, else the name of what it is in, else one character. */
export function rangeOf(state: EditorState, path: string): Range {
  const { node, name, isWhole } = nodeAt(state, readPath(path));
  const isPlain = isWhole && !/^(?:Object|Array)$/.test(node.name);
  if (isPlain) return { from: node.from, to: node.to };
  if (name) return { from: name.from, to: name.to };
  return { from: node.from, to: Math.min(node.from + 1, state.doc.length) };
}
