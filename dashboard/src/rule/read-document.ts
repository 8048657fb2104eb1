/** The rules a text holds: an exported document, an array, or one rule. Throws in words for people. */
export function readDocument(text: string): unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`This is not JSON: ${error instanceof Error ? error.message : ''}`, {
      cause: error,
    });
  }
  if (Array.isArray(value)) return value;
  if (typeof value !== 'object' || value === null) throw new Error('This holds no rules.');
  if ('rules' in value) {
    if (Array.isArray(value.rules)) return value.rules;
    throw new Error('Its "rules" are not an array.');
  }
  return [value];
}
