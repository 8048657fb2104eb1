import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';

import { buildDashboard } from '#infra/dashboard-build.ts';

import { bundleFunctions } from './bundle.ts';
import { SentryStack } from './stack.ts';

const app = new App();
const name = (app.node.tryGetContext('stack') as string | undefined) ?? 'HearthlinkSentry';
const stack = new SentryStack(app, name, {
  description: 'Hearthlink Sentry: detection, alerting and response',
  env: {
    account: process.env.CDK_DEFAULT_ACCOUNT,
    region: process.env.CDK_DEFAULT_REGION,
  },
  functionsFolder: await bundleFunctions(),
  dashboardFolder: await buildDashboard(),
  alarmEmail: app.node.tryGetContext('alarmEmail') as string | undefined,
});
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
app.synth();
void stack;
