import { LOCAL_REGION, type AwsService } from '#infra/local/service.ts';

/** A refusal of a local service, with AWS's code. */
class AwsRefusal extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.name = 'AwsRefusal';
    this.code = code;
  }
}

/** Calls a JSON-protocol operation in process: `target` as in X-Amz-Target. Throws AwsRefusal. */
export async function callJson(
  service: AwsService,
  target: string,
  input: unknown,
): Promise<Record<string, unknown>> {
  const response = await service.handle({
    method: 'POST',
    path: '/',
    query: new URLSearchParams(),
    headers: { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.0' },
    body: Buffer.from(JSON.stringify(input)),
    region: LOCAL_REGION,
  });
  const output = JSON.parse(response.body.toString()) as Record<string, unknown>;
  if (response.status === 200) return output;
  const refusal = output as { __type?: string; message?: string; Message?: string };
  const code = refusal.__type?.split('#').at(-1) ?? `HTTP ${response.status}`;
  throw new AwsRefusal(code, refusal.message ?? refusal.Message ?? '');
}

/** Runs `work`; a refusal with one of these codes means that there is nothing left to do. */
export async function unlessRefused(
  codes: readonly string[],
  work: () => Promise<unknown>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof AwsRefusal) || !codes.includes(error.code)) throw error;
  }
}
