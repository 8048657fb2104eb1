import type { OperationResult } from '#shared/api/routes.ts';

export type Channel = OperationResult<'channels.list'>['items'][number];
export type ChannelKind = Channel['channel'];
export type HealthState = Channel['health']['state'] | 'off';

export const KINDS: readonly ChannelKind[] = ['slack', 'pagerduty', 'webhook', 'email'];
export const KIND_WORDS: Readonly<Record<ChannelKind, string>> = {
  email: 'E-mail',
  slack: 'Slack',
  pagerduty: 'PagerDuty',
  webhook: 'Webhook',
};
export const HEALTH_WORDS: Readonly<Record<HealthState, string>> = {
  ok: 'Works',
  failing: 'Failing',
  broken: 'Broken',
  idle: 'Nothing sent yet',
  off: 'Switched off',
};

/** How a channel fares; one that is switched off fares in no way. */
export function healthOf({ enabled, health }: Channel): HealthState {
  return enabled ? health.state : 'off';
}

/** `98.5 %`; nothing was tried: undefined. */
export function rateWords(rate: number | null): string | undefined {
  if (rate === null) return undefined;
  // Rounded down, so that 100 % means every one.
  return `${Math.floor(rate * 1_000) / 10} %`;
}

/** What became of the last attempt, whichever way it ended. */
export function lastWords({
  last_success: success,
  last_failure: failure,
}: Channel['health']): { isGood: boolean; at: string; words: string | undefined } | undefined {
  if (failure && (!success || failure.at > success.at))
    return { isGood: false, at: failure.at, words: failure.reason };
  return success && { isGood: true, at: success.at, words: success.receipt };
}
