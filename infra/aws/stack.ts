import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

import { ENVIRONMENT, PARAMETERS } from '#infra/environment.ts';

import { acknowledgeFindings } from './acknowledgement.ts';
import { Alarms } from './alarm.ts';
import { Apis } from './api.ts';
import { Functions } from './function.ts';
import { Identity } from './identity.ts';
import { Mappings } from './mapping.ts';
import { Setup } from './setup.ts';
import { Site } from './site.ts';
import { Carriers } from './source.ts';
import { Tables } from './table.ts';

export interface SentryStackProps extends StackProps {
  /** From `bundleFunctions()`. */
  functionsFolder: string;
  /** From `ensureDashboard()`. */
  dashboardFolder: string;
  /** Who hears about Sentry's own troubles: `-c alarmEmail=…`. */
  alarmEmail: string | undefined;
}

/** All of Sentry in one stack, one construct per capability. */
export class SentryStack extends Stack {
  constructor(scope: Construct, id: string, props: SentryStackProps) {
    super(scope, id, props);
    const tables = new Tables(this, 'Tables');
    const carriers = new Carriers(this, 'Carriers');
    const apis = new Apis(this, 'Apis');
    const identity = new Identity(this, 'Identity');
    const site = new Site(this, 'Site', {
      apis,
      accessLogs: carriers.accessLogs,
      signInOrigins: [
        `https://cognito-idp.${this.region}.${this.urlSuffix}`,
        identity.domain.baseUrl(),
      ],
    });
    const environment: Record<string, string> = {
      [ENVIRONMENT.tableWork]: tables.byName.work.tableName,
      [ENVIRONMENT.tableJournal]: tables.byName.journal.tableName,
      [ENVIRONMENT.tableConfig]: tables.byName.config.tableName,
      [ENVIRONMENT.tableState]: tables.byName.state.tableName,
      [ENVIRONMENT.tableLive]: tables.byName.live.tableName,
      [ENVIRONMENT.stream]: carriers.stream.streamName,
      [ENVIRONMENT.bus]: carriers.bus.eventBusName,
      [ENVIRONMENT.storeBucket]: carriers.store.bucketName,
      [ENVIRONMENT.topicArn]: carriers.topic.topicArn,
      [ENVIRONMENT.timerQueueUrl]: carriers.queues.timers.queueUrl,
      [ENVIRONMENT.backtestQueueUrl]: carriers.queues.backtests.queueUrl,
      [ENVIRONMENT.liveEndpoint]: apis.liveEndpoint,
      [ENVIRONMENT.dashboardOrigin]: site.origin,
      [ENVIRONMENT.seriesMax]: String(this.node.tryGetContext('seriesMax') ?? 100_000),
      [ENVIRONMENT.defaultTenant]: 'default',
      [ENVIRONMENT.signingKeyParameter]: PARAMETERS.signingKey,
      [ENVIRONMENT.channelParameterPrefix]: PARAMETERS.channelPrefix,
      [ENVIRONMENT.hookParameterPrefix]: PARAMETERS.hookPrefix,
    };
    const functions = new Functions(this, 'Functions', {
      folder: props.functionsFolder,
      environment,
      tables,
      carriers,
      liveConnectionsArn: apis.liveConnectionsArn,
    });
    const setup = new Setup(this, 'Setup', { folder: props.functionsFolder, environment, tables });
    // Rules and signing key are there before the first event is looked at.
    const mappings = new Mappings(this, 'Mappings', { functions, carriers, tables });
    mappings.node.addDependency(setup);
    const dashboard = identity.addDashboardClient(site.origin);
    apis.route(functions, identity.issuer, [
      dashboard.userPoolClientId,
      identity.producer.userPoolClientId,
    ]);
    site.deploy(props.dashboardFolder, {
      api: site.origin,
      live: apis.liveStage.url,
      issuer: identity.issuer,
      client_id: dashboard.userPoolClientId,
      build: process.env.npm_package_version ?? '0.1.0',
      environment: 'aws',
      stream: carriers.stream.streamName,
      region: this.region,
      token_url: `${identity.domain.baseUrl()}/oauth2/token`,
      producer_client: identity.producer.userPoolClientId,
    });
    const alarms = new Alarms(this, 'Alarms', {
      functions,
      carriers,
      mappings,
      http: apis.http,
      email: props.alarmEmail,
    });
    acknowledgeFindings(this);
    new CfnOutput(this, 'DashboardUrl', { value: site.origin });
    new CfnOutput(this, 'EventStream', { value: carriers.stream.streamName });
    new CfnOutput(this, 'UserPool', { value: identity.pool.userPoolId });
    new CfnOutput(this, 'AlarmTopic', { value: alarms.topic.topicArn });
  }
}
