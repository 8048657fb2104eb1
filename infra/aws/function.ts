import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  Function,
  RecursiveLoop,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { join } from 'node:path';

import {
  FUNCTIONS,
  type FunctionDefinition,
  type FunctionName,
  type Grant,
} from '#infra/functions.ts';

import { give, type GrantTargets } from './grant.ts';
import { pascal } from './table.ts';

export interface FunctionsProps extends GrantTargets {
  /** Holds `<folder>/handler.mjs`. */
  folder: string;
  environment: Record<string, string>;
}

/** Functions that put messages on the queue that starts them, on purpose. */
const LOOPS: readonly (readonly Grant[])[] = [
  ['queue:timers:send', 'queue:timers:receive'],
  ['queue:backtests:send', 'queue:backtests:receive'],
];

/** Every function of the topology: its own role, its own log group, only the grants its row names. */
export class Functions extends Construct {
  readonly byName: Readonly<Record<FunctionName, Function>>;

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id);
    const names = Object.keys(FUNCTIONS) as FunctionName[];
    this.byName = Object.fromEntries(
      names.map((name) => [name, this.#make(name, FUNCTIONS[name], props)]),
    ) as Record<FunctionName, Function>;
  }

  #make(name: FunctionName, definition: FunctionDefinition, props: FunctionsProps): Function {
    const made = makeFunction(this, name, {
      code: join(props.folder, definition.folder),
      memoryMb: definition.memoryMb,
      timeoutSeconds: definition.timeoutSeconds,
      environment: props.environment,
      feedsItself: LOOPS.some((loop) => loop.every((grant) => definition.grants.includes(grant))),
    });
    for (const grant of definition.grants) give(made.role as Role, grant, props);
    return made;
  }
}

/** One function on Node 24, arm64, traced, logging JSON into a group of its own for 30 days. */
export function makeFunction(
  scope: Construct,
  name: string,
  props: {
    code: string;
    memoryMb: number;
    timeoutSeconds: number;
    environment: Record<string, string>;
    /** Puts messages on the queue that starts it, on purpose. */
    feedsItself?: boolean;
  },
): Function {
  const logGroup = new LogGroup(scope, `${pascal(name)}Log`, {
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = new Role(scope, `${pascal(name)}Role`, {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    description: `What the function ${name} may do`,
  });
  role.addToPolicy(
    new PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    }),
  );
  return new Function(scope, pascal(name), {
    functionName: `sentry-${name}`,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    handler: 'handler.handler',
    code: Code.fromAsset(props.code),
    memorySize: props.memoryMb,
    timeout: Duration.seconds(props.timeoutSeconds),
    tracing: Tracing.ACTIVE,
    role,
    logGroup,
    // A hint that waits for hours passes its queue more often than Lambda's loop guard lets it.
    ...(props.feedsItself && { recursiveLoop: RecursiveLoop.ALLOW }),
    environment: {
      ...props.environment,
      POWERTOOLS_SERVICE_NAME: `sentry-${name}`,
      POWERTOOLS_METRICS_NAMESPACE: 'Sentry',
      NODE_OPTIONS: '--enable-source-maps',
    },
  });
}
