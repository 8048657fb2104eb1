import type { Edit } from '#infra/mutation/mutant.ts';
import { type Node, nodeOf, nodesOf, type Place } from '#infra/mutation/syntax.ts';

/** Lists of a commit and the like: an empty one says nothing. */
const LISTS = new Set(['changes', 'journal', 'outbox', 'deliveries', 'suppressed_by', 'trace']);

/** What rows look like in a list. */
const ROWS = new Set(['ObjectExpression', 'SpreadElement', 'Identifier']);
const CALLS = new Set(['CallExpression', 'NewExpression']);

const keyOf = (property: Node): unknown => nodeOf(property.key)?.name;

/** From the element to the next one, its comma with it. */
function cut(elements: readonly Node[], at: number): { start: number; end: number } {
  const element = elements[at]!;
  const next = elements[at + 1];
  const previous = elements[at - 1];
  if (next) return { start: element.start, end: next.start };
  return { start: previous?.end ?? element.start, end: element.end };
}

/** Fields of a changed row left out, expectations and lists of a commit emptied, elements dropped. */
export function commitEdits({ node, parents }: Place): Edit[] {
  if (node.type === 'ObjectExpression') return fieldEdits(node);
  if (node.type !== 'ArrayExpression') return [];
  const elements = nodesOf(node.elements);
  const isList = elements.some(({ type }) => ROWS.has(type));
  // The promises of `Promise.all([…])` are no rows, nor are the entries of a constant Map.
  if (!isList || CALLS.has(parents[0]?.type ?? '')) return [];
  return elements.map((_element, at) => ({
    what: 'element dropped',
    ...cut(elements, at),
    after: '',
  }));
}

/** A list whose elements are dropped one by one already. */
const isRowList = ({ type, elements }: Node) =>
  type === 'ArrayExpression' && nodesOf(elements).length > 0;

function fieldEdits(node: Node): Edit[] {
  const properties = nodesOf(node.properties);
  const isChange = properties.some((property) => property.type === 'SpreadElement');
  return properties.flatMap((property, at): Edit[] => {
    const name = keyOf(property);
    const value = nodeOf(property.value);
    if (name === 'expected' && value && properties.some((other) => keyOf(other) === 'row')) {
      const isShort = property.shorthand === true;
      const after = isShort ? 'expected: expected + 1' : 'NaN';
      const target = isShort ? property : value;
      return [{ what: 'expectation wrong', start: target.start, end: target.end, after }];
    }
    const isBase = at === 0 && property.type === 'SpreadElement';
    if (isChange && !isBase) return [{ what: 'field dropped', ...cut(properties, at), after: '' }];
    if (typeof name === 'string' && LISTS.has(name) && value && !isRowList(value))
      return [
        {
          what: 'list emptied',
          start: property.start,
          end: property.end,
          after: `${name}: []`,
        },
      ];
    return [];
  });
}
