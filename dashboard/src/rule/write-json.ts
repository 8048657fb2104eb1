/** What fits into a line of this many characters stays in one. */
const LINE_MAX = 88;

/** JSON as people write it: indented by two, with short lists of plain values in one line. */
export function writeJson(value: unknown, indent = ''): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  const isArray = Array.isArray(value);
  const [open, close] = isArray ? '[]' : '{}';
  const entries = isArray
    ? value.map((item) => ({ before: '', item: item as unknown }))
    : Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([name, item]) => ({ before: `${JSON.stringify(name)}: `, item: item as unknown }));
  if (entries.length === 0) return `${open}${close}`;
  if (isArray && value.every(isPlain)) {
    const line = `[${value.map((item) => JSON.stringify(item)).join(', ')}]`;
    if (indent.length + line.length <= LINE_MAX) return line;
  }
  const lines = entries.map(({ before, item }) => `${inner}${before}${writeJson(item, inner)}`);
  return `${open}\n${lines.join(',\n')}\n${indent}${close}`;
}

function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}
