import type { Operation } from '#shared/api/route-access.ts';
import { diffRule } from '#shared/rule/diff-rule.ts';
import { exportRules } from '#shared/rule/export-rules.ts';
import { importRules } from '#shared/rule/import-rules.ts';
import { describeFormat } from '#shared/rule/describe-format.ts';
import { getRule, listRules, listRuleVersions, withCost } from '#shared/rule/list-rules.ts';
import { removeRule } from '#shared/rule/remove-rule.ts';
import { rollbackRule } from '#shared/rule/rollback-rule.ts';
import { saveRule } from '#shared/rule/save-rule.ts';
import { tryStoredRule } from '#shared/rule/try-stored-rule.ts';
import type { Handlers } from '#functions/api/operation.ts';

export const ruleOperations: Handlers<Extract<Operation, `rules.${string}`>> = {
  async 'rules.list'(_input, { context, ports }) {
    return { items: await listRules(ports.rules, ports.activity, context) };
  },
  'rules.export': (_input, { context, ports }) => exportRules(ports.rules, context),
  'rules.import': ({ rules, reason, ...flags }, { context, ports }) =>
    importRules(ports.rules, context, rules, {
      dry_run: String(flags.dry_run) === 'true',
      override_tests: String(flags.override_tests) === 'true',
      reason,
      lookups: ports.lookups,
    }),
  'rules.test': (trial, { context, ports }) =>
    tryStoredRule(ports.rules, context, trial, ports.lookups),
  'rules.schema': () => Promise.resolve(describeFormat()),
  async 'rules.get'({ rule_id }, { context, ports }) {
    return withCost(ports.rules, context, await getRule(ports.rules, context, rule_id));
  },
  async 'rules.versions'({ rule_id }, { context, ports }) {
    return { items: await listRuleVersions(ports.rules, context, rule_id) };
  },
  async 'rules.create'({ override_tests, ...draft }, { context, ports }) {
    const options = { create: true, override_tests, lookups: ports.lookups };
    return withCost(ports.rules, context, await saveRule(ports.rules, context, draft, options));
  },
  async 'rules.replace'({ if_version, override_tests, ...draft }, { context, ports }) {
    await getRule(ports.rules, context, draft.rule_id);
    const options = { if_version, override_tests, lookups: ports.lookups };
    const rule = await saveRule(ports.rules, context, draft, options);
    return withCost(ports.rules, context, rule);
  },
  'rules.delete': ({ rule_id, ...options }, { context, ports }) =>
    removeRule(ports.rules, context, rule_id, options),
  async 'rules.rollback'({ rule_id, ...options }, { context, ports }) {
    const rule = await rollbackRule(ports.rules, context, rule_id, {
      ...options,
      lookups: ports.lookups,
    });
    return withCost(ports.rules, context, rule);
  },
  'rules.diff': ({ rule_id, ...asked }, { context, ports }) =>
    diffRule(ports.rules, context, rule_id, asked),
};
