import type { Config } from '#dashboard/config/config.ts';

/** An AWS CLI command against this deployment; a local instance takes any credentials. */
export function awsCommand(
  { endpoint, region = '<region>' }: Pick<Config, 'endpoint' | 'region'>,
  parts: readonly string[],
): string {
  const [operation, ...rest] = parts;
  const where = [`--region ${region}`, ...(endpoint ? [`--endpoint-url ${endpoint}`] : [])];
  const command = [`aws ${operation} ${where.join(' ')}`, ...rest].join(' \\\n  ');
  if (!endpoint) return command;
  return `AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local \\\n${command}`;
}
