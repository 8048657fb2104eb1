import { join } from 'node:path';

import { LocalClock } from '#infra/local/clock.ts';
import { makeScratch, startConformanceServer } from '#infra/local/conformance-server.ts';
import { credentialScope } from '#infra/local/gateway/service-name.ts';
import { createS3 } from '#infra/local/s3/s3.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '#infra/local/service.ts';
import type { AwsRequest, AwsResponse } from '#infra/local/service.ts';
import { createSsm } from '#infra/local/ssm/ssm.ts';
import { createSts } from '#infra/local/sts/sts.ts';

import { CloudFormation } from './cloud-formation.ts';

/** Where `cdk bootstrap` keeps assets, with the standard qualifier. */
export const ASSET_BUCKET = `cdk-hnb659fds-assets-${LOCAL_ACCOUNT}-${LOCAL_REGION}`;

/** A bootstrapped AWS account on one port of the loopback interface, as far as the CDK's CLI needs one. */
export interface DeployEndpoint {
  url: string;
  cloudFormation: CloudFormation;
  /** An uploaded asset; undefined when there is none of that key. */
  readAsset(key: string): Promise<Buffer | undefined>;
  /** What was asked for and is not there. */
  unknown: string[];
  close(): Promise<void>;
}

/** Starts it; its state ends with it. */
export async function startDeployEndpoint(): Promise<DeployEndpoint> {
  const scratch = makeScratch();
  const clock = new LocalClock();
  const s3 = createS3({ directory: join(scratch.directory, 's3'), clock });
  const ssm = createSsm({ file: join(scratch.directory, 'ssm.sqlite'), clock });
  const sts = createSts({ clock });
  s3.createBucket(ASSET_BUCKET);
  ssm.putParameter('/cdk-bootstrap/hnb659fds/version', '30', 'String');
  const readObject = async (bucket: string, key: string) => (await s3.getObject(bucket, key))?.body;
  const cloudFormation = new CloudFormation(async (bucket, key) =>
    (await readObject(bucket, key))?.toString('utf8'),
  );
  const unknown: string[] = [];

  async function answer(request: AwsRequest): Promise<AwsResponse | undefined> {
    const service = credentialScope(request.headers['authorization'], request.query)?.service;
    switch (service) {
      case 'cloudformation':
        return await cloudFormation.handle(request);
      case 's3':
        return await s3.handle(request);
      case 'ssm':
        return await ssm.handle(request);
      case 'sts':
        return await sts.handle(request);
      default:
        unknown.push(`${service}: ${request.method} ${request.path}`);
        return undefined;
    }
  }

  const server = await startConformanceServer(answer);
  return {
    url: server.url,
    cloudFormation,
    readAsset: (key) => readObject(ASSET_BUCKET, key),
    unknown,
    async close() {
      await server.close();
      await Promise.all([s3.close(), ssm.close(), sts.close()]);
      clock.close();
      scratch.remove();
    },
  };
}
