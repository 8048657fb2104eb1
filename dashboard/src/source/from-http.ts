import { lines, type Place, sampleEvent, tokenCommand } from './snippet-parts.ts';
import type { Source, Step } from './source.ts';

/** Producers that post to the HTTP API, with a token of the producer's client. */
export const HTTP_SOURCES: readonly Source[] = [
  {
    key: 'curl',
    name: 'HTTP API, curl',
    source: 'curl',
    about:
      'Posts one event, an array, NDJSON or CloudEvents, plain or compressed. The answer lists each event as stored or failed.',
    way: 'direct',
    steps: (place, { issuer }) => [
      secretStep(place, issuer),
      {
        text: 'Get a token, which is good for an hour, and post.',
        place: 'Terminal',
        code: lines(
          tokenCommand(place),
          `curl -sS ${place.api}/v1/events -H "authorization: Bearer $TOKEN" \\`,
          `  -H 'content-type: application/json' -d '${sampleEvent('curl')}'`,
        ),
      },
    ],
  },
  {
    key: 'datadog',
    name: 'Datadog',
    source: 'datadog',
    about:
      'Its webhooks integration posts a payload of your own making to the HTTP API, with a token it gets by itself. It has to reach this address from outside.',
    way: 'direct',
    steps: (place, { issuer }) => [
      secretStep(place, issuer),
      {
        text: 'In the webhooks integration make an OAuth 2.0 auth method (client credentials) of these.',
        place: 'Auth method',
        code: lines(`Access token URL  ${place.tokenUrl}`, `Client ID         ${place.producer}`),
      },
      {
        text: 'Then a webhook with this address and that auth method,',
        place: 'URL',
        code: `${place.api}/v1/events`,
      },
      {
        text: 'this payload, and its name (@webhook-…) in the message of each monitor that is to come here.',
        place: 'Payload',
        code: lines(
          '{',
          '  "source": "datadog",',
          '  "type": "datadog.monitor",',
          '  "service": "shop",',
          '  "message_id": "$ALERT_CYCLE_KEY",',
          '  "payload": {',
          '    "transition": "$ALERT_TRANSITION",',
          '    "alert_type": "$ALERT_TYPE",',
          '    "title": "$EVENT_TITLE",',
          '    "alert_id": "$ALERT_ID",',
          '    "scope": "$ALERT_SCOPE",',
          '    "link": "$LINK"',
          '  }',
          '}',
        ),
      },
    ],
  },
];

/** Where the producer's secret is; it is never shown here. */
export function secretStep({ producer, region, endpoint }: Place, issuer: string): Step {
  if (endpoint !== undefined)
    return {
      text: 'The producer’s secret was printed when this instance started.',
      place: 'Terminal',
      code: 'export SENTRY_SECRET=<the secret that npm start printed>',
    };
  return {
    text: 'Whoever deployed this reads the producer’s secret so.',
    place: 'Terminal',
    code: lines(
      'SENTRY_SECRET=$(aws cognito-idp describe-user-pool-client \\',
      `  --region ${region} --user-pool-id ${issuer.split('/').at(-1)} --client-id ${producer} \\`,
      '  --query UserPoolClient.ClientSecret --output text)',
    ),
  };
}
