/** Pasted events: an array, one event, or one in each line. What is no JSON goes to the server as it is. */
export function readEvents(text: string): unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [value];
  } catch {
    return text.split('\n').filter((line) => line.trim() !== '');
  }
}
