import { CfnElement, type Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

interface Acknowledged {
  /** Matches construct paths below the stack. */
  path: RegExp;
  id: string;
  reason: string;
}

const FUNCTION_POLICY = /^Functions\/.*Role\/DefaultPolicy\/Resource$/;
const UPLOADER = /^Custom::CDKBucketDeployment[^/]*\//;

/** `{Word}` in an id stands for the logical id of the construct at that path. */
const NAMED: Readonly<Record<string, string>> = {
  Store: 'Carriers/Store/Resource',
  Work: 'Tables/Work/Resource',
  Journal: 'Tables/Journal/Resource',
  State: 'Tables/State/Resource',
  Live: 'Apis/Live/Resource',
  Setup: 'Setup/Setup/Resource',
  Files: 'Site/Files/Resource',
};

/** Every finding we live with, and why. A finding that is not here fails `cdk synth`. */
const FINDINGS: readonly Acknowledged[] = [
  {
    path: /^Carriers\/.*Dlq\/Resource$/,
    id: 'AwsSolutions-SQS3',
    reason: 'It is itself a dead-letter queue: of an EventBridge target or a stream mapping.',
  },
  {
    path: /^Apis\/Http\/GET--(v1--health|openapi\.json|asyncapi\.json)\/Resource$/,
    id: 'AwsSolutions-APIG4',
    reason: 'Public by the route table: liveness and the API documents hold no tenant data.',
  },
  {
    path: /^Apis\/Http\/POST--v1--webhooks--(pagerduty|slack)--\{hook\}\/Resource$/,
    id: 'AwsSolutions-APIG4',
    reason:
      'Signed by its sender: the function checks the signature over the body before it reads it.',
  },
  {
    path: /^Apis\/Live\/\$(default|disconnect)-Route\/Resource$/,
    id: 'AwsSolutions-APIG4',
    reason:
      'A WebSocket API authorizes on $connect only; every message is checked against the connection row.',
  },
  {
    path: /^Identity\/People\/Resource$/,
    id: 'AwsSolutions-COG8',
    reason:
      'The plus plan bills per user; a second factor is required instead. Raise featurePlan where wanted.',
  },
  {
    path: /^Site\/Cdn\/Resource$/,
    id: 'AwsSolutions-CFR4',
    reason:
      'The default certificate of cloudfront.net fixes the minimum; a domain of your own lifts it to TLS 1.2.',
  },
  {
    path: /^Site\/Cdn\/Resource$/,
    id: 'AwsSolutions-CFR1',
    reason: 'Responders travel: no country is shut out.',
  },
  {
    path: /^Site\/Cdn\/Resource$/,
    id: 'AwsSolutions-CFR2',
    reason:
      'Static files; the API behind it demands a token on each route and is throttled by its stage.',
  },
  ...wildcards(
    FUNCTION_POLICY,
    ['Resource::*'],
    'X-Ray and the listing of streams know no resources.',
  ),
  ...wildcards(
    FUNCTION_POLICY,
    [
      'Resource::<{Store}.Arn>/archive/*',
      'Resource::<{Store}.Arn>/quarantine/*',
      'Resource::<{Store}.Arn>/aws/lambda/*',
    ],
    'Objects under one prefix of the store; their keys are made at run time.',
  ),
  ...wildcards(
    FUNCTION_POLICY,
    [
      'Resource::<{Work}.Arn>/index/*',
      'Resource::<{Journal}.Arn>/index/*',
      'Resource::<{State}.Arn>/index/*',
    ],
    'All indexes of a table the function reads anyway.',
  ),
  ...wildcards(
    FUNCTION_POLICY,
    [
      'Resource::arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<{Live}>/live/*/@connections/*',
    ],
    'Connection ids are made at run time.',
  ),
  ...wildcards(
    FUNCTION_POLICY,
    [
      'Resource::arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:parameter/sentry/channel/*',
      'Resource::arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:parameter/sentry/hook/*',
    ],
    'Channels are added at run time; their secrets live under one prefix.',
  ),
  ...wildcards(/^Setup\/SetupRole\/DefaultPolicy\//, ['Resource::*'], 'X-Ray knows no resources.'),
  ...wildcards(
    /^Setup\/Provider\/framework-onEvent\//,
    ['Resource::<{Setup}.Arn>:*'],
    'CDK’s provider framework may call any version of the one set-up function.',
  ),
  ...wildcards(
    UPLOADER,
    [
      'Resource::*',
      'Resource::<{Files}.Arn>/*',
      'Resource::arn:<AWS::Partition>:s3:::cdk-hnb659fds-assets-<AWS::AccountId>-<AWS::Region>/*',
      'Action::s3:Abort*',
      'Action::s3:DeleteObject*',
      'Action::s3:GetBucket*',
      'Action::s3:GetObject*',
      'Action::s3:List*',
    ],
    'CDK’s uploader reads its staging bucket, writes the dashboard’s bucket and invalidates its distribution.',
  ),
  {
    path: /^Apis\/LogRole\/Resource$/,
    id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
    reason: 'The role AWS documents for API Gateway’s logs; the account has one for all its APIs.',
  },
  {
    path: /^(Setup\/Provider\/framework-onEvent|Custom::CDKBucketDeployment[^/]*)\//,
    id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
    reason: 'CDK’s own custom resources write logs through the managed basic role.',
  },
  {
    path: /^(Setup\/Provider\/framework-onEvent|Custom::CDKBucketDeployment[^/]*)\//,
    id: 'AwsSolutions-L1',
    reason: 'CDK’s own custom resources choose their runtime; it is raised with aws-cdk-lib.',
  },
];

function wildcards(path: RegExp, details: string[], reason: string): Acknowledged[] {
  return details.map((detail) => ({ path, id: `AwsSolutions-IAM5[${detail}]`, reason }));
}

/** Writes the list above onto the constructs it names. */
export function acknowledgeFindings(stack: Stack): void {
  const logicalIds = new Map<string, string>();
  const nodes = stack.node.findAll();
  for (const [word, path] of Object.entries(NAMED)) {
    const element = nodes.find((node) => pathBelow(stack, node) === path);
    if (!CfnElement.isCfnElement(element)) throw new RangeError(`nothing at ${path}`);
    logicalIds.set(word, String(stack.resolve(stack.getLogicalId(element))));
  }
  for (const node of nodes)
    for (const { path, id, reason } of FINDINGS)
      if (path.test(pathBelow(stack, node)))
        Validations.of(node).acknowledge({
          id: id.replace(/\{(\w+)\}/, (_all, word: string) => logicalIds.get(word) ?? word),
          reason,
        });
}

function pathBelow(stack: Stack, node: IConstruct): string {
  return node.node.path.slice(stack.node.path.length + 1);
}
