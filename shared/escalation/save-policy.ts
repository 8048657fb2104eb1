import type { OwnChannel } from '#shared/notification/schema.ts';
import { type SaveOptions, saveDocument } from '#shared/document/save-document.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError, type InputIssue } from '#shared/kernel/error.ts';
import { findChannel } from '#shared/notification/find-channel.ts';
import type { DocumentStore } from '#shared/ports/document-store.ts';
import type { Schedule } from '#shared/schedule/schema.ts';

import { POLICY_KIND } from './policy-kind.ts';
import type { EscalationPolicy, EscalationTarget } from './schema.ts';

/** Where policies are kept, and what they may name. */
export interface PolicyStores {
  policies: DocumentStore<EscalationPolicy>;
  schedules: Pick<DocumentStore<Schedule>, 'get'>;
  channels: Pick<DocumentStore<OwnChannel>, 'get'>;
}

/** Reads a policy and makes sure that everybody it tells exists. Throws `invalid_input`, `unavailable`. */
export async function checkPolicy(
  stores: PolicyStores,
  tenant: string,
  draft: unknown,
): Promise<EscalationPolicy> {
  const policy = POLICY_KIND.check(draft);
  const found = await Promise.all(
    policy.steps.flatMap(({ targets }, step) =>
      targets.map(async (target, at): Promise<InputIssue[]> => {
        const message = await findMissing(stores, tenant, target);
        return message ? [{ path: `steps.${step}.targets.${at}.destination`, message }] : [];
      }),
    ),
  );
  const issues = found.flat();
  if (issues.length === 0) return policy;
  const [first] = issues;
  const detail = `The escalation policy is not valid: ${first!.path}: ${first!.message}`;
  throw new SentryError('invalid_input', detail, { issues });
}

/** `saveDocument` for policies: whom they tell must exist. Throws as that does. */
export async function savePolicy(
  stores: PolicyStores,
  context: Context,
  draft: unknown,
  options: SaveOptions = {},
): Promise<EscalationPolicy> {
  const policy = await checkPolicy(stores, context.tenant, draft);
  return saveDocument(POLICY_KIND, stores.policies, context, policy, options);
}

async function findMissing(
  { schedules, channels }: PolicyStores,
  tenant: string,
  { channel, destination }: EscalationTarget,
): Promise<string | undefined> {
  if (channel === 'schedule') {
    const schedule = await schedules.get(tenant, destination);
    const exists = schedule !== undefined && schedule.removed !== true;
    return exists ? undefined : `there is no schedule "${destination}"`;
  }
  const configured = await findChannel(channels, tenant, destination);
  if (configured?.channel === channel) return undefined;
  return `there is no ${channel} channel "${destination}"`;
}
