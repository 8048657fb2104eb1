import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';

/**
 * The topic of Sentry's own alarms. CloudWatch cannot use the key `alias/aws/sns`, and a topic with a
 * policy takes from nobody whom that policy does not name: both name CloudWatch, for this account's
 * alarms only (Amazon SNS, "Enable compatibility between event sources … and encrypted topics").
 */
export function makeAlarmTopic(scope: Construct, email: string | undefined): Topic {
  const stack = Stack.of(scope);
  const cloudWatch = new ServicePrincipal('cloudwatch.amazonaws.com');
  const conditions = { StringEquals: { 'aws:SourceAccount': stack.account } };
  const key = new Key(scope, 'Key', {
    description: 'Hearthlink Sentry: alarms on their way',
    enableKeyRotation: true,
  });
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [cloudWatch],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      resources: ['*'],
      conditions,
    }),
  );
  const topic = new Topic(scope, 'Topic', {
    topicName: 'sentry-alarms',
    enforceSSL: true,
    masterKey: key,
  });
  topic.addToResourcePolicy(
    new PolicyStatement({
      principals: [cloudWatch],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions,
    }),
  );
  if (email) topic.addSubscription(new EmailSubscription(email));
  return topic;
}
