import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect } from 'vitest';

import { PARAMETERS } from '#infra/environment.ts';
import { unexpectedLines } from '#infra/scenarios/clean-end.testing.ts';
import { openScenario, type Scenario, type ScenarioOptions } from '#infra/scenarios/harness.ts';
import { type Json, signIn } from '#infra/scenarios/person.testing.ts';
import { awsSettings } from '#infra/scenarios/producer.ts';
import { DEAD_LETTERS, TABLES } from '#infra/topology.ts';
import { createDynamoDocumentStore } from '#shared/adapters/aws/dynamo-document-store.ts';
import type { ChannelConfig, OwnChannel } from '#shared/notification/schema.ts';
import type { DocumentStore } from '#shared/ports/document-store.ts';
import { putChannel } from '#shared/testing/put-channel.ts';

import { RESPONSE_RULES } from './rules.testing.ts';
import { Story } from './story.testing.ts';

/** One instance for the stories of a file, and what they share. */
export interface Stage {
  scenario: Scenario;
  /** An API call by one of the demo people; tokens end within an hour, so each call has its own. */
  ask(
    user: string,
    method: string,
    path: string,
    body?: object,
  ): Promise<{ status: number; json: Json }>;
  /** Writes a channel and what it is told in secret. */
  addChannel(channel: ChannelConfig, secret?: string): Promise<void>;
}

/**
 * Opens one instance for a file. What it gives makes a test of a story: when the story is told, every
 * message that a receiver of it took must have been expected, or the test fails.
 */
export function useStage(options: ScenarioOptions = {}) {
  let stage: Stage;
  let close: () => Promise<void>;
  let told = 0;
  beforeAll(async () => {
    const scenario = await openScenario({ ...options, rules: RESPONSE_RULES });
    const { instance } = scenario;
    const client = DynamoDBDocumentClient.from(new DynamoDBClient(awsSettings(instance.url)), {
      marshallOptions: { removeUndefinedValues: true },
    });
    const channels = openChannels(client);
    stage = {
      scenario,
      ask: async (user, ...call) => await (await signIn(instance, user))(...call),
      async addChannel(channel, secret) {
        if (secret !== undefined)
          instance.services.ssm.putParameter(
            `${PARAMETERS.channelPrefix}default/${channel.channel_id}`,
            secret,
          );
        await putChannel(channels, 'default', channel);
      },
    };
    close = async () => {
      client.destroy();
      await scenario.close();
    };
  });
  afterAll(async () => {
    const { sqs } = stage.scenario.instance.services;
    const dead = DEAD_LETTERS.filter((queue) => {
      const { visible, inFlight } = sqs.depth(queue);
      return visible + inFlight > 0;
    });
    const lines = unexpectedLines(stage.scenario.log());
    await close();
    expect({ dead, lines }).toEqual({ dead: [], lines: [] });
  });
  return (tell: (story: Story) => Promise<void>) => async (): Promise<void> => {
    const story = new Story(stage, `story-${(told += 1)}`);
    try {
      await tell(story);
      await story.expectNothingElse();
    } finally {
      await story.end();
    }
  };
}

function openChannels(client: DynamoDBDocumentClient): DocumentStore<OwnChannel> {
  const tables = Object.fromEntries(
    Object.entries(TABLES).map(([name, table]) => [name, table.name]),
  ) as Record<keyof typeof TABLES, string>;
  return createDynamoDocumentStore<OwnChannel>(
    {
      client,
      tables,
      now: () => Date.now(),
      sleep: () => Promise.resolve(),
      random: () => 0.5,
    },
    'CHANNELS',
  );
}
