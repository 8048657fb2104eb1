/** AWS services behind the gateway, by the name in a SigV4 credential scope. */
export const SERVICE_NAMES = [
  'kinesis',
  'dynamodb',
  'events',
  'sns',
  'sqs',
  's3',
  'ssm',
  'sts',
] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

export interface CredentialScope {
  region: string;
  service: string;
}

/**
 * Reads `<key>/<date>/<region>/<service>/aws4_request` from the Authorization header or the
 * X-Amz-Credential query parameter; SigV4A scopes have no region. Undefined when unsigned. Signatures
 * are not checked: any credentials are accepted (AWS, "Elements of an AWS API request signature").
 */
export function credentialScope(
  authorization: string | undefined,
  query: URLSearchParams,
): CredentialScope | undefined {
  const credential =
    authorization === undefined
      ? query.get('X-Amz-Credential')
      : /^AWS4-[A-Z0-9-]+ +.*?Credential=([^,\s]+)/.exec(authorization)?.[1];
  const parts = credential?.split('/');
  if (parts === undefined || parts.length < 4 || parts.at(-1) !== 'aws4_request') return undefined;
  const service = parts.at(-2)!;
  return { service, region: parts.length >= 5 ? parts.at(-3)! : 'us-east-1' };
}

const TARGETS: readonly [string, ServiceName][] = [
  ['Kinesis_', 'kinesis'],
  ['DynamoDB_', 'dynamodb'],
  ['DynamoDBStreams_', 'dynamodb'],
  ['AWSEvents', 'events'],
  ['AmazonSQS', 'sqs'],
  ['AmazonSSM', 'ssm'],
];

/** The service of an unsigned JSON request, by its X-Amz-Target. */
export function serviceOfTarget(target: string | undefined): ServiceName | undefined {
  if (target === undefined) return undefined;
  return TARGETS.find(([prefix]) => target.startsWith(prefix))?.[1];
}

const QUERY_VERSIONS: Readonly<Record<string, ServiceName>> = {
  '2010-03-31': 'sns',
  '2012-11-05': 'sqs',
  '2011-06-15': 'sts',
};

/** The service of an unsigned query-protocol request (`Action=…&Version=…`), by its API version. */
export function serviceOfQuery(parameters: URLSearchParams): ServiceName | undefined {
  if (!parameters.has('Action')) return undefined;
  const version = parameters.get('Version') ?? '';
  return Object.hasOwn(QUERY_VERSIONS, version) ? QUERY_VERSIONS[version] : undefined;
}
