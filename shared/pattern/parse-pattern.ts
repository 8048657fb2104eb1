import type { InputIssue } from '#shared/kernel/error.ts';

import {
  COMBINED_FIELDS_MAX,
  OR_COMBINATIONS_MAX,
  PATTERN_CHARS_MAX,
  PATTERN_DEPTH_MAX,
} from './limit.ts';
import type { Matcher } from './matcher.ts';
import { parseMatcher } from './parse-matcher.ts';
import { refuseInto } from './refuse.ts';
import type { Refuse } from './refuse.ts';
import { regexExcess } from './regex/regex-total.ts';

/** One field of a branch. `absent`: no leaf may be there; otherwise one leaf must satisfy one matcher. */
export interface Field {
  /** Segments joined by dots; a dotted key and nested objects name the same field. */
  path: string;
  absent: boolean;
  matchers: readonly Matcher[];
}

/** A pattern without `$or`: every field must hold. Sorted by path, as AWS walks them. */
export type Branch = readonly Field[];

type Draft = Map<string, Field>;

const OR = '$or';
/** Names that mean an operator, refused as fields inside `$or` as on AWS. */
const RESERVED_IN_OR = new Set([
  'exact',
  'prefix',
  'suffix',
  'numeric',
  'cidr',
  'exists',
  'anything-but',
  'equals-ignore-case',
  'wildcard',
  'regex',
]);

/** Reads a pattern into its branches, or says everything that is wrong with it. Never throws. */
export function parsePattern(pattern: unknown): { branches: Branch[]; issues: InputIssue[] } {
  const issues: InputIssue[] = [];
  const refuse = refuseInto(issues);
  if (!isObject(pattern)) refuse('', 'a pattern must be a JSON object');
  else if (charsOf(pattern) > PATTERN_CHARS_MAX)
    refuse(
      '',
      `a pattern must be plain JSON of at most ${PATTERN_CHARS_MAX} characters; make several rules of it`,
    );
  else {
    const excess = regexExcess(pattern);
    if (excess !== undefined) return { branches: [], issues: [excess] };
    const drafts = parseObject(pattern, '', false, 1, [new Map()], refuse);
    if (issues.length === 0) return { branches: drafts.map(toBranch), issues };
  }
  return { branches: [], issues };
}

function charsOf(pattern: object): number {
  try {
    return JSON.stringify(pattern)?.length ?? Number.POSITIVE_INFINITY;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toBranch(draft: Draft): Branch {
  return [...draft.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function parseObject(
  object: Record<string, unknown>,
  path: string,
  insideOr: boolean,
  depth: number,
  drafts: readonly Draft[],
  refuse: Refuse,
): readonly Draft[] {
  const keys = Object.keys(object);
  if (keys.length === 0) refuse(path, 'empty objects are not allowed');
  if (depth > PATTERN_DEPTH_MAX) {
    refuse(path, `nested deeper than ${PATTERN_DEPTH_MAX}`);
    return drafts;
  }
  for (const key of keys) {
    const value = object[key];
    const at = path === '' ? key : `${path}.${key}`;
    if (key === OR) drafts = parseOr(value, path, depth, drafts, refuse);
    else if (insideOr && RESERVED_IN_OR.has(key))
      refuse(at, `${key} is an operator and cannot be a field inside $or`);
    else if (Array.isArray(value)) drafts = parseField(value, at, drafts, refuse);
    else if (isObject(value)) drafts = parseObject(value, at, insideOr, depth + 1, drafts, refuse);
    else refuse(at, 'must be an object or a list');
  }
  return drafts;
}

function parseOr(
  alternatives: unknown,
  path: string,
  depth: number,
  drafts: readonly Draft[],
  refuse: Refuse,
): readonly Draft[] {
  const at = path === '' ? OR : `${path}.${OR}`;
  if (!Array.isArray(alternatives)) {
    refuse(at, '$or must be a list of objects');
    return drafts;
  }
  if (alternatives.length < 2) refuse(at, '$or must have at least 2 objects');
  const forked: Draft[] = [];
  for (const [index, alternative] of alternatives.entries()) {
    if (!isObject(alternative)) {
      refuse(`${at}[${index}]`, 'only objects are allowed in $or');
      continue;
    }
    if (forked.length > OR_COMBINATIONS_MAX) break;
    const copies = drafts.map((draft) => new Map(draft));
    for (const draft of parseObject(alternative, path, true, depth + 1, copies, refuse))
      forked.push(draft);
  }
  return capped(forked, at, refuse);
}

function parseField(
  list: readonly unknown[],
  at: string,
  drafts: readonly Draft[],
  refuse: Refuse,
): readonly Draft[] {
  if (list.length === 0) refuse(at, 'empty lists are not allowed');
  const matchers: Matcher[] = [];
  for (const [index, entry] of list.entries()) {
    const matcher = parseMatcher(entry, `${at}[${index}]`, refuse);
    if (matcher?.kind === 'test' && matcher.alternatives) matchers.push(...matcher.alternatives);
    else if (matcher !== undefined) matchers.push(matcher);
  }
  if (drafts.some((draft) => draft.has(at))) {
    refuse(at, 'this field is stated twice; put all its values into one list');
    return drafts;
  }
  const present = matchers.filter((matcher) => matcher.kind !== 'absent');
  const field: Field = { path: at, absent: present.length === 0, matchers: present };
  const mixed = present.length > 0 && present.length < matchers.length;
  const without = mixed ? drafts.map((draft) => new Map(draft)) : [];
  for (const draft of drafts) draft.set(at, field);
  for (const draft of without) draft.set(at, { path: at, absent: true, matchers: [] });
  return capped([...drafts, ...without], at, refuse);
}

/** Keeps the product of alternatives from growing past what AWS allows. */
function capped(drafts: readonly Draft[], at: string, refuse: Refuse): readonly Draft[] {
  if (drafts.length > OR_COMBINATIONS_MAX)
    refuse(
      at,
      `more than ${OR_COMBINATIONS_MAX} combinations of alternatives; make several rules of them`,
    );
  else if (drafts.length > 1 && drafts.length * drafts[0]!.size > COMBINED_FIELDS_MAX)
    refuse(
      at,
      `more than ${COMBINED_FIELDS_MAX} fields over all combinations of alternatives; make several rules of them`,
    );
  else return drafts;
  return drafts.slice(0, 1);
}
