import type { LocalClock } from '#infra/local/clock.ts';
import { LOCAL_ACCOUNT } from '#infra/local/service.ts';
import type { AwsService } from '#infra/local/service.ts';
import { answerQuery, required } from '#infra/local/wire/query.ts';
import { element, wrap } from '#infra/local/wire/xml.ts';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** AWS STS, as far as tools ask who they are. Nothing local checks the credentials it gives. */
export function createSts({ clock }: { clock: LocalClock }): AwsService {
  return {
    handle: (request) =>
      answerQuery(
        request,
        {
          GetCallerIdentity: () =>
            element('Arn', `arn:aws:iam::${LOCAL_ACCOUNT}:user/local`) +
            element('UserId', 'AIDALOCALLOCALLOCAL0') +
            element('Account', LOCAL_ACCOUNT),
          AssumeRole: (parameters) => assumeRole(parameters, clock.now()),
        },
        NAMESPACE,
      ),
    close: () => Promise.resolve(),
  };
}

function assumeRole(parameters: URLSearchParams, now: number): string {
  const role = required(parameters, 'RoleArn').split('/').at(-1) ?? '';
  const session = required(parameters, 'RoleSessionName');
  const seconds = Number(parameters.get('DurationSeconds') ?? 3600);
  const arn = `arn:aws:sts::${LOCAL_ACCOUNT}:assumed-role/${role}/${session}`;
  const credentials =
    element('AccessKeyId', 'ASIALOCALLOCALLOCAL0') +
    element('SecretAccessKey', 'local') +
    element('SessionToken', 'local') +
    element('Expiration', new Date(now + seconds * 1000).toISOString());
  const user = element('AssumedRoleId', `AROALOCALLOCALLOCAL0:${session}`) + element('Arn', arn);
  return wrap('Credentials', credentials) + wrap('AssumedRoleUser', user);
}
