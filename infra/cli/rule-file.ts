import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { SentryError } from '#shared/kernel/error.ts';
import type { InputIssue } from '#shared/kernel/error.ts';
import { checkRule } from '#shared/rule/check-rule.ts';
import { RULE_FORMAT, RULE_FORMAT_VERSION } from '#shared/rule/document-schema.ts';
import type { DetectionRule } from '#shared/rule/schema.ts';
import { unknownFields } from '#shared/rule/unknown-field.ts';

/** Largest file that is read, as the API takes it in an import. */
const FILE_BYTES_MAX = 4 * 1024 * 1024;

/** A rule as it stands in a file; `at` is its place there, empty when it is the whole file. */
export interface WrittenRule {
  file: string;
  at: string;
  written: unknown;
}

/** Something wrong in a file: `path` is dotted, empty for the file itself. */
export interface FileIssue extends InputIssue {
  file: string;
}

/** The JSON files among `paths`, those in folders at any depth too, in a fixed order. Throws when there is none. */
export function ruleFiles(paths: readonly string[]): string[] {
  const files = paths.flatMap((path) =>
    statSync(path).isDirectory()
      ? readdirSync(path, { recursive: true, encoding: 'utf8' })
          .filter((name) => name.endsWith('.json') && !name.includes('node_modules'))
          .sort()
          .map((name) => join(path, name))
      : [path],
  );
  if (files.length === 0) throw new Error('No rule files. Name files, or folders that hold .json.');
  return files;
}

/** The rules of a file: one rule, an array, or an exported document. */
export function readRuleFile(file: string): { rules: WrittenRule[]; issues: FileIssue[] } {
  const { size } = statSync(file);
  if (size > FILE_BYTES_MAX) {
    const most = FILE_BYTES_MAX.toLocaleString('en');
    const message = `has ${size.toLocaleString('en')} bytes; a file of rules has at most ${most}: split it`;
    return { rules: [], issues: [{ file, path: '', message }] };
  }
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return { rules: [], issues: [{ file, path: '', message: (error as Error).message }] };
  }
  if (Array.isArray(content)) return { rules: listed(file, content, ''), issues: [] };
  const document = content as {
    format?: unknown;
    format_version?: unknown;
    rules?: unknown;
  } | null;
  if (!Array.isArray(document?.rules))
    return { rules: [{ file, at: '', written: content }], issues: [] };
  const issues: FileIssue[] = [];
  if ((document.format ?? RULE_FORMAT) !== RULE_FORMAT)
    issues.push({ file, path: 'format', message: `must be "${RULE_FORMAT}"` });
  if ((document.format_version ?? RULE_FORMAT_VERSION) !== RULE_FORMAT_VERSION)
    issues.push({ file, path: 'format_version', message: `must be ${RULE_FORMAT_VERSION}` });
  return { rules: listed(file, document.rules, 'rules'), issues };
}

/** A rule checked as the API checks it, with paths that lead through the file. */
export function checkWritten({ file, at, written }: WrittenRule): {
  rule?: DetectionRule;
  issues: FileIssue[];
} {
  const placed = ({ path, message }: InputIssue) => ({ file, path: placeIn(at, path), message });
  try {
    const rule = checkRule(written);
    return { rule, issues: unknownFields(written, rule).map(placed) };
  } catch (error) {
    if (!(error instanceof SentryError)) throw error;
    return { issues: error.issues.map(placed) };
  }
}

/** `rules[2]` and `pattern.type` → `rules[2].pattern.type`. */
export function placeIn(at: string, path: string): string {
  return at === '' || path === '' || path.startsWith('[') ? `${at}${path}` : `${at}.${path}`;
}

function listed(file: string, rules: readonly unknown[], name: string): WrittenRule[] {
  return rules.map((written, index) => ({ file, at: `${name}[${index}]`, written }));
}
