/** Something the palette can find: a place, an alert, an action. */
export interface Choice {
  id: string;
  kind: 'Place' | 'Alert' | 'Action';
  name: string;
  /** More to be found by: an id, a service. */
  words?: string;
}

const SHOWN_MAX = 30;

/**
 * What fits every word of the text, best first: names that begin with it, then names that have it at
 * the start of a word, then anything. Without text: places and actions.
 */
export function rank<One extends Choice>(choices: readonly One[], text: string): readonly One[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return choices.filter(({ kind }) => kind !== 'Alert').slice(0, SHOWN_MAX);
  const scored = choices.flatMap((choice) => {
    const scores = words.map((word) => scoreOf(choice, word));
    const worst = Math.min(...scores);
    return worst > 0 ? [{ choice, score: scores.reduce((sum, score) => sum + score, 0) }] : [];
  });
  scored.sort((a, b) => b.score - a.score);
  return scored.slice(0, SHOWN_MAX).map(({ choice }) => choice);
}

function scoreOf({ name, words = '' }: Choice, word: string): number {
  const lower = name.toLowerCase();
  if (lower.startsWith(word)) return 4;
  if (lower.split(/[\s/:.-]+/).some((part) => part.startsWith(word))) return 3;
  if (words.toLowerCase().startsWith(word)) return 3;
  return lower.includes(word) || words.toLowerCase().includes(word) ? 1 : 0;
}
