/** The local instance's URL: `SENTRY_PORT`, 4566 unless told. */
export function localUrl(): string {
  return `http://127.0.0.1:${process.env.SENTRY_PORT ?? '4566'}`;
}

/**
 * Makes the SDK talk to the local instance when it runs and nothing else was asked for: an explicit
 * `AWS_ENDPOINT_URL` or `--aws` wins. Returns where events go, for people.
 */
export async function chooseEndpoint(aws: boolean): Promise<string> {
  if (aws) return 'AWS';
  if (process.env.AWS_ENDPOINT_URL) return process.env.AWS_ENDPOINT_URL;
  if (!(await isRunning()))
    throw new Error(
      `Nothing answers at ${localUrl()}. Run "npm start" in another terminal, or add --aws to use your AWS account.`,
    );
  process.env.AWS_ENDPOINT_URL = localUrl();
  process.env.AWS_REGION ??= 'us-east-1';
  process.env.AWS_ACCESS_KEY_ID ??= 'local';
  process.env.AWS_SECRET_ACCESS_KEY ??= 'local';
  return localUrl();
}

async function isRunning(): Promise<boolean> {
  try {
    return (await fetch(`${localUrl()}/_local/health`)).ok;
  } catch {
    return false;
  }
}
