import { AGENT_SOURCES } from './from-agent.ts';
import { AWS_SOURCES } from './from-aws.ts';
import { HTTP_SOURCES } from './from-http.ts';
import { RELAYED_SOURCES } from './from-relay.ts';
import type { Source } from './source.ts';

/** Every way for events to come in that works today. */
export const SOURCES: readonly Source[] = [
  ...AWS_SOURCES,
  ...HTTP_SOURCES.filter(({ key }) => key === 'curl'),
  ...AGENT_SOURCES,
  ...RELAYED_SOURCES,
  ...HTTP_SOURCES.filter(({ key }) => key !== 'curl'),
];
