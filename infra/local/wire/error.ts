/** A refusal as an AWS service words it; every protocol renders it in its own form. */
export class AwsError extends Error {
  /** The error's shape name, e.g. `ResourceNotFoundException`. */
  readonly code: string;
  readonly status: number;
  /** Code in the older query protocol, where it differs (SQS). */
  readonly queryCode: string | undefined;

  constructor(code: string, message: string, detail: { status?: number; queryCode?: string } = {}) {
    super(message);
    this.name = 'AwsError';
    this.code = code;
    this.status = detail.status ?? 400;
    this.queryCode = detail.queryCode;
  }
}
