import type { JournalEntry } from '#shared/audit/schema.ts';
import { DEFAULT_POLICIES } from '#shared/escalation/default-policy.ts';
import type { EscalationPolicy } from '#shared/escalation/schema.ts';
import type { DocumentStore } from '#shared/ports/document-store.ts';
import type { TraceStep } from '#shared/response/trace.ts';

import { line } from './line.ts';
import type { ExplainLine, ExplainOutcome } from './schema.ts';
import { readTrace } from './trace-lines.ts';

/** Where an alert stood in its policy, as its decisions say. */
interface Standing {
  policy_id: string;
  version: number;
  /** Steps taken since the policy began, those that reached nobody included. */
  taken: number;
}

const ENDS: Readonly<Record<string, { outcome: ExplainOutcome; words: string }>> = {
  'alert.acknowledge': { outcome: 'acknowledged_before_step', words: 'it was acknowledged before' },
  'alert.resolve': { outcome: 'resolved_before_step', words: 'it was resolved before' },
};

/**
 * The steps that were not taken because somebody acknowledged or resolved the alert first, by the version
 * of the policy that its decisions name. Throws `unavailable`.
 */
export async function beforeStepLines(
  policies: Pick<DocumentStore<EscalationPolicy>, 'versions'>,
  tenant: string,
  entries: readonly JournalEntry[],
): Promise<ExplainLine[]> {
  const lines: ExplainLine[] = [];
  const versions = new Map<string, Promise<EscalationPolicy[]>>();
  let standing: Standing | undefined;
  for (const entry of entries) {
    standing = follow(standing, readTrace(entry.after?.['trace']));
    const end = Object.hasOwn(ENDS, entry.action) ? ENDS[entry.action] : undefined;
    const wasOpen = entry.before?.['state'] === 'OPEN';
    if (!end || !standing || !wasOpen) continue;
    const { policy_id, version: policy_version } = standing;
    const asked = versions.get(policy_id) ?? policies.versions(tenant, policy_id);
    versions.set(policy_id, asked);
    const policy = policyOf(await asked, standing);
    const next = policy && nextOf(policy, standing.taken);
    if (next === undefined) continue;
    const words = `${next} of policy ${policy_id} was not taken: ${end.words}`;
    lines.push(line(entry.at, 'step', end.outcome, words, { policy_id, policy_version }));
  }
  return lines;
}

function follow(standing: Standing | undefined, trace: readonly TraceStep[]): Standing | undefined {
  let now = standing;
  for (const { step, outcome, id, version } of trace)
    if (step === 'policy' && id !== undefined && version !== undefined) {
      const taken = outcome === 'followed' ? (now?.taken ?? 0) : 0;
      now = { policy_id: id, version, taken };
    }
  if (!now) return undefined;
  const steps = trace.filter(({ step }) => step === 'escalation_step');
  const passed = steps.filter(({ outcome }) => outcome === 'reached_nobody').length;
  const told = steps.some(({ outcome }) => outcome === 'told') ? 1 : 0;
  return { ...now, taken: now.taken + passed + told };
}

function policyOf(
  stored: readonly EscalationPolicy[],
  { policy_id, version }: Standing,
): EscalationPolicy | undefined {
  const known = stored.length > 0 ? stored : DEFAULT_POLICIES;
  return known.find((one) => one.policy_id === policy_id && one.version === version);
}

/** The step after those taken, for people; undefined after the last. */
function nextOf({ steps, repeat }: EscalationPolicy, taken: number): string | undefined {
  if (taken >= steps.length * (repeat + 1)) return undefined;
  const round = Math.floor(taken / steps.length);
  return `Step ${(taken % steps.length) + 1}${round > 0 ? ` (repetition ${round})` : ''}`;
}
