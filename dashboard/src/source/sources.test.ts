import { describe, expect, it } from 'vitest';

import type { Config } from '#dashboard/config/config.ts';

import { placeOf } from './snippet-parts.ts';
import { SOURCES } from './sources.ts';

const AWS: Config = {
  api: 'https://sentry.example',
  live: 'wss://live.example',
  issuer: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Pool',
  client_id: 'c',
  build: '1',
  environment: 'aws',
  stream: 'their-stream',
  region: 'eu-west-1',
  token_url: 'https://sign-in.example/oauth2/token',
  producer_client: 'their-producer',
};
const LOCAL: Config = {
  ...AWS,
  api: 'http://127.0.0.1:4566',
  region: 'us-east-1',
  endpoint: 'http://127.0.0.1:4566',
};
const textOf = (key: string, config: Config) =>
  SOURCES.find((source) => source.key === key)!
    .steps(placeOf(config), config)
    .map(({ code }) => code)
    .join('\n');

describe('how to add a source', () => {
  it.each(SOURCES.map(({ key, source }) => [key, source]))(
    '%s names its own source, and this deployment in place of a blank',
    (key, source) => {
      const text = textOf(key, AWS);
      expect(text).toContain(source);
      expect(text).not.toMatch(/undefined|127\.0\.0\.1:4566|<(?!the secret)/);
      expect(/their-stream|sentry\.example\/v1\/events/.test(text)).toBe(true);
    },
  );

  it('goes to the local instance on a local instance', () => {
    const keys = SOURCES.map(({ key }) => key).filter((key) => key !== 'datadog');
    for (const key of keys)
      expect(textOf(key, LOCAL)).toMatch(/http:\/\/127\.0\.0\.1:4566|Port +4566/);
    expect(textOf('fluent-bit', LOCAL)).not.toContain('kinesis');
  });

  it('leaves what an older deployment does not name to fill in, and shows that', () => {
    const { stream: _s, region: _r, ...old } = AWS;
    expect(textOf('aws-cli', old)).toContain('--region <region>');
    expect(textOf('vector', old)).toContain('stream_name: <stream>');
  });

  it('has addresses and sources of its own for each', () => {
    expect(new Set(SOURCES.map(({ key }) => key)).size).toBe(SOURCES.length);
    expect(new Set(SOURCES.map(({ source }) => source)).size).toBe(SOURCES.length);
  });
});
