import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';

import { ensureDashboard } from '#infra/dashboard-build.ts';

import { bundleFunctions } from './bundle.ts';
import { SentryStack } from './stack.ts';

const app = new App();
/** `-c dashboard=<folder>`: one built elsewhere. */
const builtElsewhere = app.node.tryGetContext('dashboard') as string | undefined;
const name = (app.node.tryGetContext('stack') as string | undefined) ?? 'HearthlinkSentry';
const stack = new SentryStack(app, name, {
  description: 'Hearthlink Sentry: detection, alerting and response',
  functionsFolder: await bundleFunctions(app.node.tryGetContext('packs') as string | undefined),
  dashboardFolder: builtElsewhere ?? (await ensureDashboard()),
  alarmEmail: app.node.tryGetContext('alarmEmail') as string | undefined,
});
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
app.synth();
void stack;
