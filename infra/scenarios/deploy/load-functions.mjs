// Run on its own Node: loads each bundle named in the arguments as Lambda would, and calls the three
// that can answer without AWS. Prints one JSON object.
import { pathToFileURL } from 'node:url';

const EVENTS = {
  'sentry-api': {
    routeKey: 'GET /v1/health',
    rawPath: '/v1/health',
    rawQueryString: '',
    headers: {},
    requestContext: {
      requestId: 'r',
      http: { method: 'GET', path: '/v1/health', sourceIp: '::1' },
    },
  },
  'sentry-detect': { Records: [] },
  'sentry-publish': { Records: [] },
};
const context = {
  functionName: 'f',
  functionVersion: '1',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
  memoryLimitInMB: '512',
  awsRequestId: 'r',
  getRemainingTimeInMillis: () => 1000,
};
const answers = {};
for (const argument of process.argv.slice(2)) {
  const [name, file] = argument.split('=');
  const { handler } = await import(pathToFileURL(file).href);
  answers[name] = typeof handler;
  if (EVENTS[name]) answers[name] = await handler(EVENTS[name], context);
}
console.log(`\n${JSON.stringify(answers)}`);
process.exit(0);
