import { localArn } from '#infra/local/service.ts';

import type { ToWorker } from './message.ts';

/** The parts of Lambda's context object that its documentation lists for Node.js. */
interface LambdaContext {
  callbackWaitsForEmptyEventLoop: boolean;
  functionName: string;
  functionVersion: string;
  invokedFunctionArn: string;
  memoryLimitInMB: string;
  awsRequestId: string;
  logGroupName: string;
  logStreamName: string;
  getRemainingTimeInMillis(): number;
}

/**
 * Makes the context of one invocation; its deadline runs on real time, a moved local clock does not
 * end it (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html).
 */
export function createContext(
  invocation: Pick<ToWorker, 'functionName' | 'memoryMb' | 'requestId' | 'timeoutMs'>,
): LambdaContext {
  const { functionName } = invocation;
  const deadline = performance.now() + invocation.timeoutMs;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: localArn('lambda', `function:${functionName}`),
    memoryLimitInMB: String(invocation.memoryMb),
    awsRequestId: invocation.requestId,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: `local/[$LATEST]${process.pid}`,
    getRemainingTimeInMillis: () => Math.max(Math.round(deadline - performance.now()), 0),
  };
}
