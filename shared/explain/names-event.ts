/**
 * Whether bytes that could not be read hold an event id as a whole string of JSON, or of JSON within a
 * string: a short id is part of much.
 */
export function namesEvent(bytes: Uint8Array, eventId: string): boolean {
  const id = JSON.stringify(eventId).slice(1, -1);
  const text = Buffer.from(bytes);
  return text.includes(`"${id}"`) || text.includes(`"${id}\\"`);
}
