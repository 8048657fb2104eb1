import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** Makes a thing on first use and keeps it for the life of the process. */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

export const dynamo = once(() =>
  DynamoDBDocumentClient.from(new DynamoDBClient({}), {
    marshallOptions: { removeUndefinedValues: true },
  }),
);
export const kinesis = once(() => new KinesisClient({}));
export const eventBridge = once(() => new EventBridgeClient({}));
export const s3 = once(() => new S3Client({}));
export const sns = once(() => new SNSClient({}));
export const sqs = once(() => new SQSClient({}));
export const ssm = once(() => new SSMClient({}));

/** PostToConnection goes to the API's own endpoint: an explicit one beats AWS_ENDPOINT_URL. */
export function liveManagement(endpoint: string): ApiGatewayManagementApiClient {
  return new ApiGatewayManagementApiClient({ endpoint });
}
