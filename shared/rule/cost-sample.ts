import type { EventRecord } from '#shared/event/schema.ts';

const EVENTS = 200;
const SERVICES = 'web checkout payments inventory identity analytics'.split(' ');
const USERS = 'amara bjorn chen dalia emil fatou goran hana'.split(' ');

/** One kind of event, by its number: what producers send most comes most. */
const KINDS: readonly (readonly [
  share: number,
  make: (n: number) => Pick<EventRecord, 'type' | 'category' | 'payload'>,
])[] = [
  [9, request],
  [5, metric],
  [2, login],
  [2, trail],
  [1, log],
  [1, flow],
];

/**
 * The events a rule's cost is measured on: 200 ordinary ones of 500 to 700 bytes, always the same, of
 * the kinds that producers send: requests, metrics, sign-ins, audit trails, logs, flows.
 */
export function costSample(): EventRecord[] {
  const kinds = KINDS.flatMap(([share, make]) => Array.from({ length: share }, () => make));
  return Array.from({ length: EVENTS }, (_, n) => {
    const service = SERVICES[n % SERVICES.length]!;
    return {
      event_id: `${hex(n, 12)}-${hex(n + 7, 8)}`,
      timestamp: new Date(1_790_000_000_000 + n * 1_000).toISOString(),
      schema_version: '1',
      source: `sample.${service}`,
      service,
      severity: n % 17 === 0 ? 'WARN' : 'INFO',
      ...kinds[(n * 7) % kinds.length]!(n),
      labels: {
        region: ['eu-central-1', 'eu-west-1', 'us-east-1'][n % 3]!,
        zone: 'abc'[n % 3]!,
        version: `1.${n % 40}.0`,
        instance: `i-${hex(n * 3, 16)}`,
        team: ['platform', 'storefront', 'finance', 'data'][n % 4]!,
        trace_id: hex(n * 11, 32),
      },
    };
  });
}

/** Digits that look like an id's, the same for the same number. */
function hex(n: number, length: number): string {
  let digits = '';
  for (let state = n + 1; digits.length < length;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    digits += state.toString(16).padStart(8, '0');
  }
  return digits.slice(0, length);
}

function request(n: number) {
  return {
    type: 'http.request',
    category: 'operational' as const,
    payload: {
      method: ['GET', 'GET', 'POST', 'PUT'][n % 4]!,
      path: `/v1/orders/${hex(n, 12)}/items`,
      status: [200, 200, 204, 302, 404, 500][n % 6]!,
      latency_ms: 20 + ((n * 37) % 400),
      client_ip: `10.${n % 200}.${(n * 3) % 250}.${(n * 7) % 250}`,
      user_agent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36',
    },
  };
}

function metric(n: number) {
  return {
    type: `metric.${['cpu', 'memory', 'disk'][n % 3]!}`,
    category: 'operational' as const,
    payload: {
      host: `ip-10-0-${n % 250}-${(n * 5) % 250}.internal`,
      value_percent: 10 + ((n * 13) % 85),
      unit: 'percent',
    },
  };
}

function login(n: number) {
  return {
    type: n % 5 === 0 ? 'auth.login.failed' : 'auth.login.succeeded',
    category: 'authentication' as const,
    payload: {
      user: `${USERS[n % USERS.length]!}@example.com`,
      ip_address: `198.51.100.${n % 250}`,
      mfa: n % 3 > 0,
      attempts: 1 + (n % 3),
    },
  };
}

function trail(n: number) {
  return {
    type: 'aws.cloudtrail',
    category: 'audit' as const,
    payload: {
      eventName: ['AssumeRole', 'GetObject', 'PutObject', 'DescribeInstances', 'CreateUser'][
        n % 5
      ]!,
      eventSource: ['sts', 's3', 's3', 'ec2', 'iam'][n % 5]! + '.amazonaws.com',
      awsRegion: 'eu-central-1',
      sourceIPAddress: `203.0.113.${n % 250}`,
      userIdentity: {
        type: 'AssumedRole',
        arn: `arn:aws:sts::123456789012:assumed-role/deploy/${USERS[n % USERS.length]!}`,
        accountId: '123456789012',
      },
      requestParameters: { bucketName: `backup-${n % 9}`, key: `daily/${hex(n, 8)}.gz` },
      errorCode: n % 10 === 0 ? 'AccessDenied' : null,
    },
  };
}

function log(n: number) {
  return {
    type: 'app.log',
    category: 'operational' as const,
    payload: {
      level: ['info', 'info', 'warn', 'error'][n % 4]!,
      logger: 'com.example.orders.Worker',
      message: `request ${hex(n, 8)} took ${n * 3} ms in pool ${n % 8} and was put back into the queue`,
      tags: ['orders', 'worker', `shard-${n % 16}`],
    },
  };
}

function flow(n: number) {
  return {
    type: 'net.flow',
    category: 'network_access' as const,
    payload: {
      source_ip: `10.0.${n % 250}.${(n * 3) % 250}`,
      destination_ip: `192.0.2.${(n * 11) % 250}`,
      destination_port: [443, 443, 5432, 53, 22][n % 5]!,
      bytes_out: (n * 4_099) % 100_000,
      action: n % 20 === 0 ? 'REJECT' : 'ACCEPT',
    },
  };
}
