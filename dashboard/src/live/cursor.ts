/** A place in a numbered topic. */
export interface Position {
  epoch: string;
  offset: number;
}

/** Frames `from`…`to` of a topic. */
export interface Frame<Item> {
  epoch: string;
  from: number;
  to: number;
  items: readonly Item[];
}

/** How far a viewer has come in one topic, and what arrived before its time. */
export interface Cursor<Item> {
  position?: Position;
  /** A `subscribe` is under way: frames wait for its result. */
  isAwaiting: boolean;
  /** The highest offset known of; beyond the position means that something is missing. */
  known: number;
  held: readonly Frame<Item>[];
}

/** The cursor afterwards, the items to merge now, and whether to wait for, or ask for, what is missing. */
export interface Step<Item> {
  cursor: Cursor<Item>;
  items: readonly Item[];
  next: 'nothing' | 'wait' | 'subscribe';
}

const HELD_MAX = 500;

export function newCursor<Item>(): Cursor<Item> {
  return { isAwaiting: false, known: 0, held: [] };
}

/** A `subscribe` is being sent: hold frames back. */
export function awaitResult<Item>(cursor: Cursor<Item>): Cursor<Item> {
  return { ...cursor, isAwaiting: true };
}

/** An `event` frame came: merge it, hold it back, or notice a gap or another epoch. */
export function takeFrame<Item>(cursor: Cursor<Item>, frame: Frame<Item>): Step<Item> {
  const held = [...cursor.held, frame].slice(-HELD_MAX);
  if (cursor.isAwaiting) return { cursor: { ...cursor, held }, items: [], next: 'nothing' };
  if (!cursor.position) return { cursor, items: [], next: 'nothing' };
  if (frame.epoch !== cursor.position.epoch) return { cursor, items: [], next: 'subscribe' };
  return drain({ ...cursor, held }, cursor.position);
}

/** The result of `subscribe` says where the viewer stands; frames held back follow on. */
export function takePosition<Item>(cursor: Cursor<Item>, position: Position): Step<Item> {
  return drain({ ...cursor, isAwaiting: false, known: position.offset }, position);
}

/** A `ping` told where the topic stands. */
export function takeHead<Item>(cursor: Cursor<Item>, head: Position): Step<Item> {
  const { position } = cursor;
  if (cursor.isAwaiting || !position) return { cursor, items: [], next: 'nothing' };
  if (head.epoch !== position.epoch) return { cursor, items: [], next: 'subscribe' };
  const known = Math.max(cursor.known, head.offset);
  return {
    cursor: { ...cursor, known },
    items: [],
    next: known > position.offset ? 'wait' : 'nothing',
  };
}

/** True when what was waited for has not come. */
export function isBehind<Item>(cursor: Cursor<Item>): boolean {
  return (
    !cursor.isAwaiting && cursor.position !== undefined && cursor.known > cursor.position.offset
  );
}

/** Merges every held frame that follows on; what stays held lies beyond a gap. */
function drain<Item>(cursor: Cursor<Item>, start: Position): Step<Item> {
  const frames = cursor.held.filter(({ epoch }) => epoch === start.epoch);
  frames.sort((a, b) => a.from - b.from);
  const items: Item[] = [];
  const held: Frame<Item>[] = [];
  let { offset } = start;
  for (const frame of frames) {
    if (frame.to <= offset) continue;
    if (frame.from > offset + 1) {
      held.push(frame);
      continue;
    }
    items.push(...frame.items);
    offset = frame.to;
  }
  const known = Math.max(cursor.known, offset, ...held.map(({ to }) => to));
  const position = { epoch: start.epoch, offset };
  return {
    cursor: { ...cursor, position, held, known },
    items,
    next: held.length > 0 ? 'wait' : 'nothing',
  };
}
