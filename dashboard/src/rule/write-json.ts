/** What fits into a line of this many characters stays in one. */
const LINE_MAX = 80;

/**
 * JSON as people write it: indented by two; lists, and what stands in lists, in one line where that is
 * short enough.
 */
export function writeJson(value: unknown, indent = '', mayBeLine = false): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const isArray = Array.isArray(value);
  const inner = `${indent}  `;
  const entries = entriesOf(value);
  const [open, close] = isArray ? '[]' : '{}';
  if (entries.length === 0) return `${open}${close}`;
  if (isArray || mayBeLine) {
    const line = lineOf(value);
    if (indent.length + line.length <= LINE_MAX) return line;
  }
  const lines = entries.map(([name, item]) => `${inner}${name}${writeJson(item, inner, isArray)}`);
  return `${open}\n${lines.join(',\n')}\n${indent}${close}`;
}

function lineOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = entriesOf(value).map(([name, item]) => `${name}${lineOf(item)}`);
  if (Array.isArray(value)) return `[${entries.join(', ')}]`;
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

/** What stands before each value, and the value; what is undefined is not there. */
function entriesOf(value: object): [string, unknown][] {
  if (Array.isArray(value)) return value.map((item) => ['', item]);
  return Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([name, item]) => [`${JSON.stringify(name)}: `, item]);
}
