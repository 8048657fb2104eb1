import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { syntaxTree } from '@codemirror/language';

import { pathOf, stringsAt, textOf } from './json-place.ts';
import { namesIn, type Schema, schemasAt, startOf, valuesIn } from './schema.ts';

/** Offers the fields that may stand here, and the values a field may have, from a JSON Schema. */
export function completeFrom(schemaNow: () => Schema | undefined) {
  return (context: CompletionContext): CompletionResult | null => {
    const root = schemaNow();
    const { state, pos } = context;
    const node = syntaxTree(state).resolveInner(pos, -1);
    if (!root) return null;
    const word = context.matchBefore(/"[^"\n]*|[\w-]*/);
    const from = word?.from ?? pos;
    if (!context.explicit && (!word || word.from === word.to)) return null;
    const before = state.sliceDoc(0, from).trimEnd().at(-1);
    const to = state.sliceDoc(pos, pos + 1) === '"' && word?.text.startsWith('"') ? pos + 1 : pos;
    const container = node.name === 'Object' || node.name === 'Array' ? node : undefined;
    let at = container ?? node;
    const schemasOf = (path: ReturnType<typeof pathOf>) =>
      schemasAt(root, path, (some) => stringsAt(state, some));
    if (before === ':') {
      while (at.name !== 'Property' && at.parent) at = at.parent;
      const name = at.getChild('PropertyName');
      const object = at.parent;
      if (!name || !object) return null;
      const values = valuesIn(schemasOf([...pathOf(state, object), textOf(state, name)]));
      return values.length === 0 ? null : { from, to, options: values.map(optionOf) };
    }
    while (at.name !== 'Object' && at.name !== 'Array' && at.parent) at = at.parent;
    const path = pathOf(state, at);
    if (at.name === 'Array') {
      const values = valuesIn(schemasOf([...path, 0]));
      return values.length === 0 ? null : { from, to, options: values.map(optionOf) };
    }
    if (at.name !== 'Object' || (before !== '{' && before !== ',')) return null;
    const held = new Set(
      at.getChildren('Property').flatMap((property) => {
        const name = property.getChild('PropertyName');
        return name && !(name.from <= pos && pos <= name.to) ? [textOf(state, name)] : [];
      }),
    );
    const isNamed = /^\s*:/.test(state.sliceDoc(to, to + 20));
    const options = namesIn(schemasOf(path))
      .filter(({ name }) => !held.has(name))
      .map(({ name, schema, isRequired }) => ({
        label: JSON.stringify(name),
        detail: isRequired ? 'needed' : wordOf(schema),
        type: 'property',
        boost: isRequired ? 1 : 0,
        ...(schema.description !== undefined && { info: schema.description }),
        apply: isNamed ? JSON.stringify(name) : `${JSON.stringify(name)}: ${startOf(schema)}`,
      }));
    return options.length === 0 ? null : { from, to, options };
  };
}

function optionOf(label: string): Completion {
  return { label, type: 'enum' };
}

function wordOf({ type, enum: choices, oneOf, anyOf }: Schema): string {
  if (choices) return 'one of';
  if (oneOf ?? anyOf) return 'variants';
  return typeof type === 'string' ? type : '';
}
