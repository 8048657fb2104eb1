import type { Config } from '#dashboard/config/config.ts';

/** What snippets are filled with: this deployment's own values. */
export interface Place {
  stream: string;
  region: string;
  api: string;
  tokenUrl: string;
  producer: string;
  /** Where all of AWS is, on a local instance. */
  endpoint: string | undefined;
}

/** Values that an older deployment does not name are left to fill in, and look so. */
export function placeOf(config: Config): Place {
  return {
    stream: config.stream ?? '<stream>',
    region: config.region ?? '<region>',
    api: config.api,
    tokenUrl: config.token_url ?? '<token URL>',
    producer: config.producer_client ?? '<producer client>',
    endpoint: config.endpoint,
  };
}

/** Lines that stand only when there is something to say. */
export function lines(...parts: readonly (string | undefined | false)[]): string {
  return parts.filter((part) => part !== undefined && part !== false).join('\n');
}

/** A sample event of a source, as one line of JSON. */
export function sampleEvent(source: string): string {
  return JSON.stringify({
    source,
    type: 'order.failed',
    severity: 'ERROR',
    service: 'shop',
    payload: { order: 17 },
  });
}

/** How a producer gets a token; it is good for an hour. */
export function tokenCommand({ tokenUrl, producer }: Place): string {
  return lines(
    `TOKEN=$(curl -sS -u "${producer}:$SENTRY_SECRET" -d grant_type=client_credentials \\`,
    `  ${tokenUrl} | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`,
  );
}
