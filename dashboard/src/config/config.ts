/** Where this dashboard's backend is; the content of `/config.json`, written at deploy. */
export interface Config {
  /** Base of the HTTP API, without `/v1`. */
  api: string;
  /** URL of the WebSocket API. */
  live: string;
  issuer: string;
  client_id: string;
  build: string;
  environment: string;
  /** The stream that producers put events on, and its region; absent where an older deployment wrote it. */
  stream?: string;
  region?: string;
  /** Where producers get a token with client credentials, and as which client. */
  token_url?: string;
  producer_client?: string;
  /** Where all of AWS is, when it is not AWS: a local instance. */
  endpoint?: string;
}

/** `/config.json` is missing or wrong; `message` says how, for whoever deployed this. */
export class ConfigError extends Error {}

const URLS: Readonly<Partial<Record<keyof Config, readonly string[]>>> = {
  api: ['https:', 'http:'],
  issuer: ['https:', 'http:'],
  live: ['wss:', 'ws:'],
};
const OPTIONAL = ['stream', 'region', 'token_url', 'producer_client', 'endpoint'] as const;
const FIELDS = ['api', 'live', 'issuer', 'client_id', 'build', 'environment'] as const;

/** Checks what was read from `/config.json`. Throws ConfigError, naming the field. */
export function parseConfig(value: unknown): Config {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ConfigError('/config.json is not a JSON object.');
  const given = value as Record<string, unknown>;
  const config: Record<string, string> = {};
  for (const field of FIELDS) {
    const text = given[field];
    if (typeof text !== 'string' || text === '')
      throw new ConfigError(`/config.json has no "${field}".`);
    const protocols = URLS[field];
    if (protocols && !(URL.canParse(text) && protocols.includes(new URL(text).protocol)))
      throw new ConfigError(`"${field}" in /config.json is not a URL (${protocols.join(' or ')}).`);
    config[field] = text.replace(/\/+$/, '');
  }
  for (const field of OPTIONAL) {
    const text = given[field];
    if (typeof text === 'string' && text !== '') config[field] = text;
  }
  return { ...config, issuer: given['issuer'] } as unknown as Config;
}

/** Fetches and checks `/config.json`. Throws ConfigError. */
export async function loadConfig(): Promise<Config> {
  let response: Response;
  try {
    response = await fetch('/config.json', { cache: 'no-store' });
  } catch {
    throw new ConfigError('/config.json could not be fetched: the server does not answer.');
  }
  if (!response.ok) throw new ConfigError(`/config.json answers with status ${response.status}.`);
  let value: unknown;
  try {
    value = await response.json();
  } catch {
    throw new ConfigError('/config.json is not JSON.');
  }
  return parseConfig(value);
}
