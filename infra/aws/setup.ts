import { CustomResource } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { PARAMETERS } from '#infra/environment.ts';

import { makeFunction } from './function.ts';
import { parameterArn } from './grant.ts';
import type { Tables } from './table.ts';

export interface SetupProps {
  folder: string;
  environment: Record<string, string>;
  tables: Tables;
}

/** Runs when the shipped rules change: makes the signing key and adds rules, each only where absent. */
export class Setup extends Construct {
  constructor(scope: Construct, id: string, props: SetupProps) {
    super(scope, id);
    const code = join(props.folder, 'setup');
    const onEvent = makeFunction(this, 'setup', {
      code,
      memoryMb: 512,
      timeoutSeconds: 120,
      environment: props.environment,
    });
    const { config, journal } = props.tables.byName;
    onEvent.addToRolePolicy(
      new PolicyStatement({
        actions: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
        resources: [config.tableArn],
      }),
    );
    onEvent.addToRolePolicy(
      new PolicyStatement({ actions: ['dynamodb:PutItem'], resources: [journal.tableArn] }),
    );
    onEvent.addToRolePolicy(
      new PolicyStatement({
        actions: ['ssm:PutParameter'],
        resources: [parameterArn(this, PARAMETERS.signingKey)],
      }),
    );
    const provider = new Provider(this, 'Provider', { onEventHandler: onEvent });
    const pack = readFileSync(join(code, 'rules.json'));
    new CustomResource(this, 'Defaults', {
      serviceToken: provider.serviceToken,
      properties: { pack: createHash('sha256').update(pack).digest('hex') },
    });
  }
}
