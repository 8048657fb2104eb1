import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LOCAL_REGION } from '#infra/local/service.ts';

const SIMULATOR = fileURLToPath(new URL('../simulator/main.ts', import.meta.url));

/**
 * Starts the simulator as a child process that talks to the instance like any producer; its output
 * goes to `<home>/log/simulator.log`. It ends with this process. Undefined where there is none.
 */
export function startDemo(url: string, home: string): ChildProcess | undefined {
  if (!existsSync(SIMULATOR)) return undefined;
  mkdirSync(join(home, 'log'), { recursive: true });
  const log = openSync(join(home, 'log', 'simulator.log'), 'w', 0o600);
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
  const child = fork(SIMULATOR, [], {
    env: {
      ...Object.fromEntries(inherited),
      AWS_ENDPOINT_URL: url,
      AWS_REGION: LOCAL_REGION,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    execArgv: [],
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  return child;
}
