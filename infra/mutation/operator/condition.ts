import type { Edit } from '#infra/mutation/mutant.ts';
import { type Node, nodeOf, type Place } from '#infra/mutation/syntax.ts';

const OPPOSITES: Readonly<Record<string, string>> = { '===': '!==', '!==': '===' };
const BOUNDARIES: Readonly<Record<string, string>> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
};

/**
 * A node that is the condition of a branch or a side of `&&` or `||`: that it is always true or false, or
 * dropped, is the harder fault to see than its opposite.
 */
function isDroppable(node: Node, parent: Node | undefined): boolean {
  if (parent?.type === 'LogicalExpression') return parent.operator !== '??';
  return (
    (parent?.type === 'IfStatement' || parent?.type === 'ConditionalExpression') &&
    parent.test === node
  );
}

/** Whether `left` asks only if something is there that `right` then names. */
function isPresence(left: Node, right: string): boolean {
  if (left.type === 'BinaryExpression')
    return left.operator === '!==' && nodeOf(left.right)?.name === 'undefined';
  const name = nodeOf(left.type === 'MemberExpression' ? left.property : left)?.name;
  return typeof name === 'string' && new RegExp(`\\b${name}\\b`).test(right);
}

/** Conditions dropped, turned round or moved by one; fall-backs dropped. */
export function conditionEdits({ node, parents }: Place, text: string): Edit[] {
  const [parent] = parents;
  const of = (part: Node) => text.slice(part.start, part.end);
  const put = (what: string, target: Node, after: string): Edit => ({
    what,
    start: target.start,
    end: target.end,
    after,
  });
  const test = nodeOf(node.test);
  if ((node.type === 'IfStatement' || node.type === 'ConditionalExpression') && test)
    // What drops a side of `a && b` says more than "always true", and likewise for `||`.
    return [
      ...(test.operator === '&&' ? [] : [put('condition always true', test, 'true')]),
      ...(test.operator === '||' ? [] : [put('condition always false', test, 'false')]),
    ];
  if (node.type === 'WhileStatement' && test) return [put('condition always false', test, 'false')];
  const left = nodeOf(node.left);
  const right = nodeOf(node.right);
  if (node.type === 'LogicalExpression' && left && right) {
    if (node.operator === '??') return [put('fall-back dropped', node, `(${of(left)})!`)];
    const isSpread = parent?.type === 'SpreadElement';
    const whole = put(`right side of ${String(node.operator)} dropped`, node, `(${of(left)})`);
    const bare = put(`left side of ${String(node.operator)} dropped`, node, `(${of(right)})`);
    // `...(x && { x })`: without its right side it spreads nothing, which is "field dropped"; without
    // its left side it spreads an undefined x, which every store and every JSON leaves out.
    if (isSpread) return isPresence(left, of(right)) ? [] : [bare];
    return [bare, whole];
  }
  if (node.type === 'BinaryExpression' && left && right) {
    const operator = String(node.operator);
    const opposite = isDroppable(node, parent) ? undefined : OPPOSITES[operator];
    const swapped = opposite ?? BOUNDARIES[operator];
    return swapped === undefined
      ? []
      : [put(`${operator} became ${swapped}`, node, `${of(left)} ${swapped} ${of(right)}`)];
  }
  const argument = nodeOf(node.argument);
  if (node.type === 'UnaryExpression' && node.operator === '!' && argument)
    return isDroppable(node, parent) ? [] : [put('! removed', node, of(argument))];
  return [];
}
