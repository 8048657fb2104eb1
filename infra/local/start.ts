import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startDemo } from '#infra/local/demo.ts';
import { startInstance, type Instance } from '#infra/local/instance.ts';
import { clearHome } from '#infra/local/instance/clear.ts';
import { StartRefused } from '#infra/local/instance/refused.ts';
import { PEOPLE } from '#infra/local/oidc/person.ts';
import {
  buildDashboard,
  BuildFailed,
  DASHBOARD_DIRECTORY,
  dashboardIsStale,
  watchDashboard,
} from '#infra/dashboard-build.ts';
import { uploadDashboard } from '#infra/local/site/upload.ts';
import { seedDefaults, seedDemo } from '#infra/seed.ts';
import { STREAM } from '#infra/topology.ts';

const HELP = `npm start [-- options]: Hearthlink Sentry, whole, on this machine

  --no-demo      without the simulated traffic
  --fresh        forget all state first
  --pack NAME    with an optional rule pack: cloudtrail
  --port NUMBER  another port than 4566 (or SENTRY_PORT)
  --dashboard DIRECTORY  a dashboard built elsewhere, as it is
  SENTRY_HOME    directory of the state, .sentry unless told`;

/** Makes the shipped rule for full disks match. */
const SAMPLE_PAYLOAD = '{"host":"a","mount":"/","value_percent":97}';

const startedAt = performance.now();

function say(line: string): void {
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  console.log(`${seconds.padStart(6)} s  ${line}`);
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      'no-demo': { type: 'boolean', default: false },
      fresh: { type: 'boolean', default: false },
      pack: { type: 'string' },
      dev: { type: 'boolean', default: false },
      dashboard: { type: 'string' },
      port: { type: 'string', default: process.env['SENTRY_PORT'] ?? '4566' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65_535)
    throw new StartRefused(`The port must be a number up to 65535, not "${values.port}".`);
  return { ...values, port, home: resolve(process.env['SENTRY_HOME'] ?? '.sentry') };
}

/** Builds the dashboard when its sources are newer; a failed build leaves the rest running. */
async function prepareDashboard(): Promise<void> {
  if (!dashboardIsStale()) return;
  say('building the dashboard …');
  try {
    await buildDashboard();
    say('dashboard built');
  } catch (error) {
    if (!(error instanceof BuildFailed)) throw error;
    say(`the dashboard could not be built; everything else runs:\n${error.message}`);
  }
}

async function publishDashboard(
  instance: Instance,
  directory = DASHBOARD_DIRECTORY,
): Promise<void> {
  if (existsSync(directory)) await uploadDashboard(instance.services.s3, directory);
}

function ready(instance: Instance, hasDemo: boolean): string {
  const { url, port, oidc } = instance;
  const names = PEOPLE.map(({ name }) => name).join(', ');
  const other = port === 4566 ? '' : `SENTRY_PORT=${port} `;
  return `
  Sentry is ready.

    Dashboard   ${url}
    Sign in as  ${names} (no password)
    API         ${url}/v1   described at ${url}/openapi.json
    Outbox      ${url}/_local/outbox   every message that would have gone out
    Demo        ${hasDemo ? 'six services with faults; the first alerts open within 20 s' : 'off'}

  Send an event of your own, from another terminal:

    ${other}npx sentry send --type metric.disk --service shop --payload '${SAMPLE_PAYLOAD}'

  or with any AWS tool:

    export AWS_ENDPOINT_URL=${url} AWS_DEFAULT_REGION=us-east-1 \\
      AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local
    echo '{"source":"me","type":"metric.disk","service":"shop","payload":${SAMPLE_PAYLOAD}}' |
      aws kinesis put-record --stream-name ${STREAM.name} --partition-key 1 --data fileb:///dev/stdin

  Scripts get a token from ${oidc.issuer}/token with client_credentials:
    client ${oidc.producer.client_id}, secret ${oidc.producer.client_secret}

  Stop with Ctrl-C; state stays in ${instance.home} (npm start -- --fresh forgets it).
`;
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options.help) return console.log(HELP);
  if (options.fresh) clearHome(options.home);
  const [instance] = await Promise.all([
    startInstance({ port: options.port, home: options.home, onStep: say }),
    options.dev || options.dashboard !== undefined ? undefined : prepareDashboard(),
  ]);
  const children: (() => unknown)[] = [];
  let isStopping = false;
  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    for (const end of children) end();
    void instance.stop().then(() => {
      say('stopped');
      process.exit(0);
    });
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const)
    process.on(signal, stop);

  const seeded = await seedDefaults(instance, options.pack);
  if (seeded.length > 0) say(`${seeded.length} detection rules shipped with it are in place`);
  if (options.dev) children.push(watchDashboard(() => void publishDashboard(instance)));
  await publishDashboard(instance, options.dashboard);
  if (isStopping) return;
  if (!options['no-demo']) await seedDemo(instance);
  const demo = options['no-demo'] ? undefined : startDemo(instance.url, instance.home);
  if (demo) children.push(() => demo.kill());
  say('ready');
  console.log(ready(instance, demo !== undefined));
}

/** What went wrong at the start, and what to do about it. */
function explain(error: unknown): string {
  const { code, port, message } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE')
    return `Port ${port} is taken, perhaps by another instance. Stop that one, or choose another port:\n  SENTRY_PORT=${Number(port) + 1} npm start`;
  if (code === 'EACCES' && port !== undefined)
    return `Port ${port} needs more rights than you have; choose one above 1023: SENTRY_PORT=4566 npm start`;
  if (code?.startsWith('ERR_PARSE_ARGS')) return `${message}\n\n${HELP}`;
  if (error instanceof StartRefused) return message;
  return error instanceof Error ? (error.stack ?? message) : String(error);
}

try {
  await main();
} catch (error) {
  console.error(`sentry: ${explain(error)}`);
  process.exit(1);
}
