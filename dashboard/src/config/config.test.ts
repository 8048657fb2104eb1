import { describe, expect, it } from 'vitest';

import type { SiteConfig } from '#infra/site-headers.ts';

import { type Config, parseConfig } from './config.ts';

const GOOD: SiteConfig & Config = {
  api: 'https://api.example.com',
  live: 'wss://live.example.com/live',
  issuer: 'https://issuer.example.com/pool',
  client_id: 'dashboard',
  build: '1',
  environment: 'production',
  stream: 'events',
  region: 'eu-west-1',
  token_url: 'https://issuer.example.com/token',
  producer_client: 'producer',
};

describe('/config.json', () => {
  it('is taken as the deployment writes it', () => {
    expect(parseConfig(GOOD)).toEqual(GOOD);
  });

  it('may come from an older deployment, which says less', () => {
    const { api, live, issuer, client_id, build, environment } = GOOD;
    const old = { api, live, issuer, client_id, build, environment };
    expect(parseConfig(old)).toEqual(old);
  });

  it.each([
    [null, 'not a JSON object'],
    [[], 'not a JSON object'],
    [{ ...GOOD, client_id: '' }, 'no "client_id"'],
    [{ ...GOOD, live: 'https://live.example.com' }, '"live"'],
    [{ ...GOOD, api: 'javascript:alert(1)' }, '"api"'],
  ])('is refused with the field that is wrong: %j', (value, words) => {
    expect(() => parseConfig(value)).toThrow(words);
  });
});
