import type { Handlers } from '#functions/api/operation.ts';
import { getAlert } from '#shared/alert/list.ts';
import type { Operation } from '#shared/api/route-access.ts';
import { DEFAULT_POLICIES } from '#shared/escalation/default-policy.ts';
import { exportPolicies } from '#shared/escalation/export-policies.ts';
import { importPolicies } from '#shared/escalation/import-policies.ts';
import { listPolicies } from '#shared/escalation/list-policies.ts';
import { POLICY_KIND } from '#shared/escalation/policy-kind.ts';
import { savePolicy } from '#shared/escalation/save-policy.ts';
import { asNew, imagineAlert, simulate } from '#shared/escalation/simulate.ts';
import { getDocument } from '#shared/document/read-document.ts';
import { readResponseRules } from '#shared/response/read-rules.ts';

import { documentHandlers } from './document.ts';

export const escalationOperations: Handlers<Extract<Operation, `escalations.${string}`>> = {
  ...documentHandlers('escalations', 'policy_id', POLICY_KIND, ({ policies }) => policies),
  async 'escalations.list'(_input, { context, ports }) {
    return { items: [...(await listPolicies(ports.policies, context.tenant))] };
  },
  async 'escalations.get'({ policy_id }, { context, ports }) {
    const inForce = await listPolicies(ports.policies, context.tenant);
    const shipped = inForce === DEFAULT_POLICIES ? inForce : [];
    return (
      shipped.find((policy) => policy.policy_id === policy_id) ??
      getDocument(POLICY_KIND, ports.policies, context, policy_id)
    );
  },
  'escalations.create': ({ reason, ...draft }, { context, ports }) =>
    savePolicy(ports, context, draft, { create: true, reason }),
  'escalations.replace': ({ reason, if_version, ...draft }, { context, ports }) =>
    savePolicy(ports, context, draft, { create: false, if_version, reason }),
  'escalations.export': (_input, { context, ports }) => exportPolicies(ports.policies, context),
  'escalations.import': ({ policies, dry_run, reason }, { context, ports }) =>
    importPolicies(ports, context, policies, { dry_run: String(dry_run) === 'true', reason }),
  async 'escalations.simulate'({ alert = {}, alert_id, at }, { context, ports }) {
    const instant = new Date(at === undefined ? context.now() : Date.parse(at)).toISOString();
    const subject =
      alert_id === undefined
        ? imagineAlert(context.tenant, alert, instant)
        : asNew(await getAlert(ports, context, alert_id), instant);
    return simulate(subject, await readResponseRules(ports, context.tenant), instant);
  },
};
