import type { Problem } from '#shared/api/problem.ts';

type InputIssue = NonNullable<Problem['issues']>[number];

/** A refusal in the words of the API. `code` is stable: `conflict`, `forbidden`, `offline`, … */
export class ApiError extends Error {
  readonly code: string;
  /** The winner's row, on a conflict. */
  readonly current: unknown;
  /** Every wrong place of an input, by its path. */
  readonly issues: readonly InputIssue[];

  constructor(
    code: string,
    message: string,
    current?: unknown,
    issues: readonly InputIssue[] = [],
  ) {
    super(message);
    this.code = code;
    this.current = current;
    this.issues = issues;
  }
}

/** Reads a problem document; anything else becomes one with the given code. */
export function apiErrorOf(value: unknown, fallback: string): ApiError {
  if (typeof value !== 'object' || value === null) return new ApiError('internal', fallback);
  const problem = value as Partial<Problem>;
  const issue = problem.issues?.[0];
  const detail = problem.detail ?? problem.title ?? fallback;
  const text = issue ? `${detail} (${issue.path}: ${issue.message})` : detail;
  return new ApiError(problem.code ?? 'internal', text, problem.current, problem.issues);
}

/** What to tell a person about anything thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'Something failed.';
}
