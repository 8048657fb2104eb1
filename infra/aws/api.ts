import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnAccount } from 'aws-cdk-lib/aws-apigateway';
import type { CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  WebSocketApi,
  WebSocketStage,
} from 'aws-cdk-lib/aws-apigatewayv2';
import {
  HttpJwtAuthorizer,
  WebSocketLambdaAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import {
  HttpLambdaIntegration,
  WebSocketLambdaIntegration,
} from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

import { ROUTE_ACCESS } from '#shared/api/route-access.ts';

import type { Functions } from './function.ts';

/** What the log keeps of each call; no token, no body. */
const LOG_FORMAT = JSON.stringify({
  requestId: '$context.requestId',
  ip: '$context.identity.sourceIp',
  time: '$context.requestTime',
  route: '$context.routeKey',
  status: '$context.status',
  error: '$context.error.message',
  integrationMs: '$context.integrationLatency',
});

/** The HTTP API and the WebSocket API, without routes: functions need their addresses first. */
export class Apis extends Construct {
  readonly http: HttpApi;
  readonly live: WebSocketApi;
  readonly liveStage: WebSocketStage;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.http = new HttpApi(this, 'Http', { apiName: 'sentry', createDefaultStage: true });
    const { defaultStage } = this.http;
    logAccess(this, 'HttpLog', defaultStage!.node.defaultChild as CfnStage);
    (defaultStage!.node.defaultChild as CfnStage).defaultRouteSettings = {
      throttlingBurstLimit: 2000,
      throttlingRateLimit: 1000,
    };
    this.live = new WebSocketApi(this, 'Live', {
      apiName: 'sentry-live',
      routeSelectionExpression: '$request.body.method',
    });
    this.liveStage = new WebSocketStage(this, 'LiveStage', {
      webSocketApi: this.live,
      stageName: 'live',
      autoDeploy: true,
    });
    const stage = this.liveStage.node.defaultChild as CfnStage;
    logAccess(this, 'LiveLog', stage);
    // Without the account's role a WebSocket stage with a log is refused.
    stage.addResourceDependency(allowLogging(this));
    stage.defaultRouteSettings = { throttlingBurstLimit: 2000, throttlingRateLimit: 1000 };
  }

  /** https address of `@connections`. */
  get liveEndpoint(): string {
    return this.liveStage.callbackUrl;
  }

  /** Every connection of the live stage, for `execute-api:ManageConnections`. */
  get liveConnectionsArn(): string {
    return Stack.of(this).formatArn({
      service: 'execute-api',
      resource: this.live.apiId,
      resourceName: `${this.liveStage.stageName}/*/@connections/*`,
    });
  }

  /** Adds the route table: one API Gateway route a row, a JWT check on every row that is not public. */
  route(functions: Functions, issuer: string, audience: string[]): void {
    const jwt = new HttpJwtAuthorizer('Jwt', issuer, { jwtAudience: audience });
    // One permission for the whole API: one a route would be a quarter of what a stack may hold.
    const api = new HttpLambdaIntegration('Api', functions.byName.api, {
      scopePermissionToRoute: false,
    });
    for (const route of ROUTE_ACCESS) {
      const open = (['public', 'signed'] as string[]).includes(route.access);
      this.http.addRoutes({
        path: route.path,
        methods: [HttpMethod[route.method]],
        integration: api,
        authorizer: open ? new HttpNoneAuthorizer() : jwt,
      });
    }
    const live = (id: string) => new WebSocketLambdaIntegration(id, functions.byName.live);
    this.live.addRoute('$connect', {
      integration: live('OnConnect'),
      authorizer: new WebSocketLambdaAuthorizer('Ticket', functions.byName['live-authorizer'], {
        identitySource: ['route.request.querystring.ticket'],
      }),
    });
    this.live.addRoute('$disconnect', { integration: live('OnDisconnect') });
    this.live.addRoute('$default', { integration: live('OnMessage'), returnResponse: true });
  }
}

/** The role by which API Gateway logs, one per account and region; kept, as other APIs may come to need it. */
function allowLogging(scope: Construct): CfnAccount {
  const role = new Role(scope, 'LogRole', {
    assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
    managedPolicies: [
      ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonAPIGatewayPushToCloudWatchLogs'),
    ],
  });
  const account = new CfnAccount(scope, 'Logging', { cloudWatchRoleArn: role.roleArn });
  for (const one of [role, account]) one.applyRemovalPolicy(RemovalPolicy.RETAIN);
  return account;
}

function logAccess(scope: Construct, id: string, stage: CfnStage): void {
  const log = new LogGroup(scope, id, {
    retention: RetentionDays.THREE_MONTHS,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  stage.accessLogSettings = { destinationArn: log.logGroupArn, format: LOG_FORMAT };
}
