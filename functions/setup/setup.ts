import type { Context } from '#shared/kernel/context.ts';
import type { RuleStore } from '#shared/ports/rule-store.ts';
import { seedRules } from '#shared/rule/seed-rules.ts';

/** A CloudFormation custom resource request, as CDK's provider framework hands it on. */
export interface SetupRequest {
  RequestType: 'Create' | 'Update' | 'Delete';
}

export interface SetupPorts {
  rules: RuleStore;
  /** The shipped rules. */
  pack: readonly unknown[];
  /** Makes the signing key unless there is one. */
  createSigningKey(): Promise<unknown>;
}

/**
 * What a deploy needs once: the signing key and the shipped rules, each only where absent, so that
 * repeating it changes nothing. Deleting the stack leaves both; the tables outlive it too.
 */
export async function setUp(
  request: SetupRequest,
  context: Context,
  ports: SetupPorts,
): Promise<{ PhysicalResourceId: string }> {
  if (request.RequestType !== 'Delete') {
    await ports.createSigningKey();
    await seedRules(ports.rules, context, ports.pack);
  }
  return { PhysicalResourceId: 'sentry-defaults' };
}
