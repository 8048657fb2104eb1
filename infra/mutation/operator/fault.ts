import type { Edit } from '#infra/mutation/mutant.ts';
import { type Node, nodeOf, nodesOf, type Place, walk } from '#infra/mutation/syntax.ts';

const throws = (node: Node) =>
  [...walk(node)].some(({ node: { type } }) => type === 'ThrowStatement');

/** Errors swallowed, and steps left out: what is thrown, awaited, called, set or deleted. */
export function faultEdits({ node, parents }: Place, text: string): Edit[] {
  const put = (what: string, after: string, target: Node = node): Edit => ({
    what,
    start: target.start,
    end: target.end,
    after,
  });
  if (node.type === 'ThrowStatement') return [put('throw removed', ';')];
  if (node.type === 'CatchClause') {
    const body = nodeOf(node.body);
    if (!body || nodesOf(body.body).length === 0) return [];
    // A single throw is removed by itself already.
    const isThrow = nodesOf(body.body).length === 1 && body && throws(body);
    return isThrow && nodesOf(body.body)[0]?.type === 'ThrowStatement'
      ? []
      : [put('error swallowed', '{}', body)];
  }
  if (node.type !== 'ExpressionStatement') return [];
  const done = nodeOf(node.expression);
  const inside = text.slice(node.start, node.end);
  if (done?.type === 'AwaitExpression') {
    const isTried = parents.some(({ type }) => type === 'TryStatement');
    return [
      put('awaited call removed', ';'),
      ...(isTried ? [] : [put('error swallowed', `try { ${inside} } catch {}`)]),
    ];
  }
  if (done?.type === 'CallExpression') return [put('call removed', ';')];
  if (done?.type === 'AssignmentExpression') return [put('assignment removed', ';')];
  if (done?.type === 'UpdateExpression') return [put('count removed', ';')];
  if (done?.type === 'UnaryExpression' && done.operator === 'delete')
    return [put('deletion removed', ';')];
  return [];
}
