import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LocalClock } from '#infra/local/clock.ts';
import { openGateway, type Gateway } from '#infra/local/gateway/gateway.ts';
import { createHttpApi } from '#infra/local/http-api/http-api.ts';
import { pagerDutyUrl, provisionChannels } from '#infra/local/instance/channels.ts';
import { lockHome } from '#infra/local/instance/lock.ts';
import { startMappings, type RunningMappings } from '#infra/local/instance/mappings.ts';
import { provision } from '#infra/local/instance/provision.ts';
import { openServices, type Services } from '#infra/local/instance/services.ts';
import { createInvoker, type LocalInvoker } from '#infra/local/lambda/invoker.ts';
import { logToDirectory, type WorkerLog } from '#infra/local/lambda/log.ts';
import { createLocalRoutes } from '#infra/local/local-routes.ts';
import { createOidc, type Oidc } from '#infra/local/oidc/oidc.ts';
import type { Outbox } from '#infra/local/outbox/outbox.ts';
import { InvocationError, LOCAL_ACCOUNT, LOCAL_REGION, localArn } from '#infra/local/service.ts';
import { createSite } from '#infra/local/site/site.ts';
import { createWebSocketApi } from '#infra/local/websocket-api/websocket-api.ts';
import { DASHBOARD_CLIENT, PRODUCER_CLIENT } from '#infra/local/oidc/claims.ts';
import { ENVIRONMENT } from '#infra/environment.ts';
import type { FunctionDefinition } from '#infra/functions.ts';
import { QUEUES, STREAM, TOPIC } from '#infra/topology.ts';

export interface InstanceOptions {
  /** 0 takes a free one. */
  port: number;
  /** Directory of all durable state; made when missing. */
  home: string;
  /** False starts no worker processes and no mappings: the AWS services alone. Default true. */
  functions?: boolean;
  /** Where workers' output goes; `<home>/log/<worker>.log` unless told. */
  log?: WorkerLog;
  /** More environment for the workers. */
  environment?: Readonly<Record<string, string>>;
  /** Other functions than the product's, from `directory`; for tests. */
  definitions?: Readonly<Record<string, FunctionDefinition>>;
  directory?: string;
  /** Told of each step; nothing is printed without it. */
  onStep?: (step: string) => void;
}

/** One local instance, running in this process. */
export interface Instance {
  /** `http://127.0.0.1:<port>` */
  url: string;
  port: number;
  home: string;
  version: string;
  clock: LocalClock;
  services: Services;
  invoker: LocalInvoker;
  mappings: RunningMappings;
  outbox: Outbox;
  oidc: Oidc;
  /** Open WebSockets. */
  connections(): number;
  /** Moves the clock of the instance and of its workers forward; remembered over a restart. */
  advance(ms: number): void;
  /** Resolves once streams are worked off and the bus has delivered what is due. */
  idle(): Promise<void>;
  /** Ends everything within about three seconds; what was answered is kept. */
  stop(): Promise<void>;
  /** Ends it as `kill -9` would: nothing is awaited, workers die at once. */
  kill(): Promise<void>;
}

/** How long a clean stop waits for invocations under way; what is cut off is delivered again. */
const GRACE_MS = 1_000;

/**
 * Starts an instance on its own port and home; resolves when all is ready. Rejects with
 * StartRefused, or with the system's EADDRINUSE when the port is taken.
 */
export async function startInstance(options: InstanceOptions): Promise<Instance> {
  const home = resolve(options.home);
  const step = options.onStep ?? (() => undefined);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const unlock = lockHome(home);
  let gateway: Gateway | undefined;
  try {
    gateway = await openGateway(options.port);
    return await assemble({ options, home, step, gateway, unlock });
  } catch (error) {
    await gateway?.close();
    unlock();
    throw error;
  }
}

async function assemble(parts: {
  options: InstanceOptions;
  home: string;
  step: (step: string) => void;
  gateway: Gateway;
  unlock: () => void;
}): Promise<Instance> {
  const { options, home, step, gateway, unlock } = parts;
  const { url, port } = gateway;
  const clockFile = join(home, 'clock.json');
  const clock = new LocalClock(readOffset(clockFile));
  const invoker =
    options.functions === false
      ? idleInvoker()
      : createInvoker({
          environment: { ...workerSettings(url), ...options.environment },
          clock,
          log: options.log ?? logToDirectory(join(home, 'log')),
          ...(options.definitions && { functions: options.definitions }),
          ...(options.directory && { directory: options.directory }),
        });
  const opened = openServices({ home, clock, invoker });
  const { services, outbox } = opened;
  await provision(services);
  provisionChannels(services, url, process.env);
  step('AWS services ready');

  const oidc = await createOidc({ home, port, clock });
  const httpApi = createHttpApi({
    invoker,
    authorizer: {
      issuer: oidc.issuer,
      audience: oidc.audience,
      keys: oidc.keys,
      now: () => clock.now(),
    },
  });
  const webSocketApi = createWebSocketApi({ invoker, clock });
  const version = readVersion();
  const site = createSite({
    s3: services.s3,
    origin: url,
    config: {
      api: url,
      live: `${url.replace('http', 'ws')}/live`,
      issuer: oidc.issuer,
      client_id: DASHBOARD_CLIENT,
      build: version,
      environment: 'local',
      stream: STREAM.name,
      region: LOCAL_REGION,
      token_url: `${oidc.issuer}/token`,
      producer_client: PRODUCER_CLIENT,
      endpoint: url,
    },
  });
  let isReady = false;
  let mappings: RunningMappings | undefined;
  let cancelSweep = () => {};
  const sweep = () => {
    services.dynamodb.sweepExpired();
    cancelSweep = clock.after(60_000, sweep);
  };
  cancelSweep = clock.after(60_000, sweep);

  async function end(graceMs: number): Promise<void> {
    isReady = false;
    cancelSweep();
    const drained = mappings?.stop();
    await Promise.race([drained, new Promise((done) => setTimeout(done, graceMs))]);
    webSocketApi.close();
    if (graceMs === 0)
      for (const pid of Object.values(invoker.pids())) if (pid) process.kill(pid, 'SIGKILL');
    await invoker.close();
    await drained;
    await gateway.close();
    await opened.close();
    mappings?.close();
    oidc.close();
    clock.close();
    unlock();
  }
  let ended: Promise<void> | undefined;

  const instance: Instance = {
    url,
    port,
    home,
    version,
    clock,
    services,
    invoker,
    get mappings() {
      return mappings ?? NO_MAPPINGS;
    },
    outbox,
    oidc,
    connections: () => webSocketApi.size(),
    advance(ms) {
      writeFileSync(clockFile, JSON.stringify({ offset_ms: clock.offsetMs + ms }), { flush: true });
      clock.advance(ms);
    },
    async idle() {
      const done = () =>
        Object.values(mappings?.stats() ?? {}).map(({ invocations }) => invocations);
      let before: string;
      do {
        before = done().join();
        await mappings?.idle();
        await services.events.idle();
      } while (done().join() !== before);
    },
    stop: () => (ended ??= end(GRACE_MS)),
    kill: () => (ended ??= end(0)),
  };
  gateway.setTargets({
    services,
    httpApi: (request) => httpApi.handle(request),
    connections: (request) => webSocketApi.handle(request),
    upgrade: (request, socket, head) => webSocketApi.upgrade(request, socket, head),
    oidc: (incoming, outgoing) => oidc.handle(incoming, outgoing),
    localRoutes: createLocalRoutes({ instance, isReady: () => isReady }),
    site,
  });
  if (options.functions !== false) {
    await invoker.whenReady();
    step('functions ready');
    mappings = startMappings({
      file: join(home, 'checkpoints.sqlite'),
      services,
      invoker,
      clock,
    });
  }
  isReady = true;
  return instance;
}

const NO_MAPPINGS: RunningMappings = {
  streams: new Map(),
  stats: () => ({}),
  idle: () => Promise.resolve(),
  stop: () => Promise.resolve(),
  close: () => undefined,
};

/** Takes the place of the functions where none are wanted: whatever calls one waits for nothing. */
function idleInvoker(): LocalInvoker {
  return {
    invoke: (name) => Promise.reject(new InvocationError('crash', `functions are off: ${name}`)),
    whenReady: () => Promise.resolve(),
    pids: () => ({}),
    restart: () => undefined,
    close: () => Promise.resolve(),
  };
}

/** What CDK gives each function in its environment, for this instance. */
function workerSettings(url: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: url,
    [ENVIRONMENT.topicArn]: localArn('sns', TOPIC.name),
    [ENVIRONMENT.timerQueueUrl]: `${url}/${LOCAL_ACCOUNT}/${QUEUES.timers.name}`,
    [ENVIRONMENT.backtestQueueUrl]: `${url}/${LOCAL_ACCOUNT}/${QUEUES.backtests.name}`,
    [ENVIRONMENT.liveEndpoint]: `${url}/live`,
    [ENVIRONMENT.dashboardOrigin]: url,
    [ENVIRONMENT.outboundAllow]: url,
    [ENVIRONMENT.pagerDutyUrl]: pagerDutyUrl(url, process.env) ?? '',
  };
}

function readOffset(file: string): number {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { offset_ms: number }).offset_ms;
  } catch {
    return 0;
  }
}

function readVersion(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
