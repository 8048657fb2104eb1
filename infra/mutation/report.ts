import type { Sorted } from './equivalent.ts';
import type { Judged } from './judge.ts';

/** A whole run, as it is printed and kept. */
export interface Report extends Sorted {
  judged: readonly Judged[];
  /** Tests that fail without a mutant and were left out. */
  broken: readonly string[];
  seconds: number;
  seed?: number;
}

/** Share of the mutants that could be killed and were, 0…1. */
export function scoreOf({ judged, equivalent }: Pick<Report, 'judged' | 'equivalent'>): number {
  const killed = judged.filter(({ fate }) => fate === 'killed' || fate === 'timeout').length;
  const killable = judged.length - equivalent.length;
  return killable === 0 ? 1 : killed / killable;
}

/** One line of text, cut where it gets long. */
function short(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ').trim();
  return flat.length > 100 ? `${flat.slice(0, 99)}…` : flat;
}

export function survivorText(one: Judged): string {
  const unreached = one.fate === 'unreached' ? ' (no test runs it)' : '';
  return [
    `  ${one.file}:${one.line} ${one.within}: ${one.what}${unreached}`,
    `    - ${short(one.before)}`,
    `    + ${short(one.after) || '(nothing)'}`,
  ].join('\n');
}

/** For people: the survivors, what is wrong with the list of equivalents, and the score. */
export function reportText(report: Report, threshold: number): string {
  const { judged, survivors, equivalent, stale, refuted, broken, seconds } = report;
  const count = (fate: Judged['fate']) => judged.filter((one) => one.fate === fate).length;
  const lines = survivors.map(survivorText);
  const entry = (kind: string, { file, within, what, before }: Sorted['stale'][number]) =>
    `  ${kind}: ${file} ${within}: ${what}: ${short(before)}`;
  lines.push(...stale.map((one) => entry('no such mutant any more', one)));
  lines.push(...refuted.map((one) => entry('listed as equivalent, but killed', one)));
  lines.push(...broken.map((test) => `  left out, fails by itself: ${test}`));
  const score = scoreOf(report);
  lines.push(
    `${judged.length} mutants in ${Math.round(seconds)} s: ${count('killed')} killed, ` +
      `${count('timeout')} never ended, ${equivalent.length} equivalent, ${survivors.length} survived.`,
    `${(score * 100).toFixed(1)} % killed of those that can be; ` +
      `${score >= threshold ? 'enough' : `less than ${threshold * 100} %`}.`,
  );
  return lines.join('\n');
}
