// Run on its own Node: loads each bundle named in the arguments as Lambda would, and calls those that
// can answer without AWS, and `sentry-setup` with the event in SETUP_EVENT. Prints one JSON object.
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
  'sentry-setup': process.env.SETUP_EVENT && JSON.parse(process.env.SETUP_EVENT),
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
