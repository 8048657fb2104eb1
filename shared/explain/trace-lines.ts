import type { TraceStep } from '#shared/response/trace.ts';

import { line } from './line.ts';
import type { ExplainLine, ExplainOutcome } from './schema.ts';

/** What holds an alert back, by the reason that its decision named. */
const HELD: Readonly<Record<string, { outcome: ExplainOutcome; words: string; id?: string }>> = {
  staging: { outcome: 'staged', words: 'its rule is STAGED: it records and tells nobody' },
  warming: { outcome: 'warming', words: 'its series is too new to be trusted' },
  silence: { outcome: 'silenced', words: 'a silence holds for it', id: 'silence_id' },
  inhibition: {
    outcome: 'inhibited',
    words: 'another alert explains it',
    id: 'inhibition_id',
  },
  maintenance: { outcome: 'maintenance', words: 'it is in maintenance', id: 'maintenance_id' },
  fatigue: { outcome: 'fatigue', words: 'its kind mostly ends by itself' },
  grouping: { outcome: 'grouped', words: 'its group is told as one' },
};

/** The steps of a stored decision as lines; an outcome that nobody has words for is shown as it stands. */
export function traceLines(trace: unknown, at: string): ExplainLine[] {
  return readTrace(trace).map((step) => traceLine(step, at));
}

/** The steps of what a journal entry keeps as its trace. */
export function readTrace(trace: unknown): TraceStep[] {
  return Array.isArray(trace) ? trace.filter(isStep) : [];
}

/** The reason that a journalled `suppressed_by` names. */
export function heldOutcome(reason: string): ExplainOutcome {
  return heldOf(reason).outcome;
}

function traceLine(step: TraceStep, at: string): ExplainLine {
  const { outcome, id, version, detail = '' } = step;
  const which = `${id ?? ''}${version === undefined ? '' : ` (version ${version})`}`;
  switch (`${step.step} ${outcome}`) {
    case 'suppression held_back':
      return heldLine(step, at);
    case 'suppression lifted':
      return line(at, 'suppression', 'released', 'Nothing holds it back any more', {});
    case 'policy chosen':
    case 'policy followed':
      return line(at, 'policy', 'policy_chosen', `Escalation policy ${which} says who is told`, {
        policy_id: id,
        policy_version: version,
      });
    case 'policy none_matches':
      return line(at, 'policy', 'no_policy', 'No escalation policy matches it: nobody is told');
    case 'policy told_again': {
      const under = id === undefined ? '' : ` (policy ${id})`;
      return line(at, 'policy', 'told_again', `Those told before are told again${under}`, {
        policy_id: id,
      });
    }
    case 'grouping joined': {
      const alike = detail === '' ? '' : ` (${detail})`;
      const words = `Told with the alerts of its group${alike}, by the group's next message`;
      return line(at, 'grouping', 'joined_group', words, { alert_group_id: id });
    }
    case 'grouping said':
      return line(at, 'grouping', 'group_message', `Alerts that are told together: ${detail}`, {
        alert_group_id: id,
      });
    case 'schedule on_call':
      return line(at, 'schedule', 'on_call', `Schedule ${which} has ${detail} on call`, {
        schedule_id: id,
        schedule_version: version,
        user: detail,
      });
    case 'schedule nobody_on_call':
      return line(at, 'schedule', 'nobody_on_call', `Schedule ${which} has nobody on call`, {
        schedule_id: id,
        schedule_version: version,
      });
    case 'schedule gone':
      return line(at, 'schedule', 'schedule_gone', `There is no schedule ${id} any more`, {
        schedule_id: id,
      });
    case 'escalation_step told':
      return line(at, 'step', 'told', `To be told: ${detail}`, { delivery_key: id });
    case 'escalation_step fell_back_to_secondary':
      return line(at, 'step', 'fell_back_to_secondary', `Told instead: ${detail}`, {
        delivery_key: id,
      });
    case 'escalation_step reached_nobody':
      return line(at, 'step', 'reached_nobody', `Policy ${which}, ${detail}: reaches nobody`, {
        policy_id: id,
        policy_version: version,
      });
    case 'escalation_step too_many_targets':
      return line(at, 'step', 'too_many_targets', `More targets than one step tells: ${detail}`);
    case 'escalation_step exhausted':
      return line(at, 'step', 'policy_exhausted', `Policy ${which} has no further step`, {
        policy_id: id,
      });
    default: {
      const words = [step.step, outcome, which, detail].filter((word) => word !== '').join(' ');
      return line(at, 'other', 'noted', words, { id, version });
    }
  }
}

function heldLine({ id, version, detail = '' }: TraceStep, at: string): ExplainLine {
  const { outcome, words, id: name = 'id' } = heldOf(detail);
  const which =
    id === undefined ? '' : ` (${id}${version === undefined ? '' : `, version ${version}`})`;
  return line(at, 'suppression', outcome, `Told to nobody: ${words}${which}`, {
    [name]: id,
    version,
  });
}

function heldOf(reason: string): (typeof HELD)[string] {
  if (Object.hasOwn(HELD, reason)) return HELD[reason]!;
  return { outcome: 'held_back', words: `it is held back for ${reason}` };
}

function isStep(step: unknown): step is TraceStep {
  if (typeof step !== 'object' || step === null) return false;
  const { step: name, outcome } = step as Record<string, unknown>;
  return typeof name === 'string' && typeof outcome === 'string';
}
