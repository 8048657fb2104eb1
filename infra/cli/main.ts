import { chooseEndpoint } from './endpoint.ts';
import { acknowledge, alerts } from './alerts.ts';
import { explain, prove } from './explain.ts';
import { localToken } from './local-api.ts';
import { lookups } from './lookups.ts';
import { rules } from './rules.ts';
import { send } from './send.ts';
import { simulate } from './simulate.ts';

const HELP = `sentry: the command line of Hearthlink Sentry

  npx sentry send       put an event of your own on the stream       (send --help)
  npx sentry simulate   traffic of six services with faults          (simulate --help)
  npx sentry alerts     the newest alerts       [--state open] [--json]
  npx sentry ack ID     acknowledge one         [--user rosa]
  npx sentry explain ID why an alert told people or not; --event ID [--at TIME] for an event
  npx sentry prove ID   its messages from intent to receipt; exits 1 when one is unconfirmed
  npx sentry rules      lint, test, backtest, diff, export and import rules in files (rules --help)
  npx sentry lookups    lookup tables that rules name: put, list, show, rm (lookups --help)
  npx sentry token      an access token of a local demo user for curl [--user rosa]`;

const VERBS: Record<string, (args: string[]) => Promise<void>> = {
  send,
  simulate,
  alerts,
  ack: acknowledge,
  explain,
  prove,
  rules,
  lookups,
  token: async (args) => {
    await chooseEndpoint(false);
    console.log(await localToken(args[0] === '--user' ? (args[1] ?? 'rosa') : (args[0] ?? 'rosa')));
  },
};

const [verb = 'help', ...args] = process.argv.slice(2);
const run = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
if (run)
  try {
    await run(args);
  } catch (error) {
    console.error(`sentry ${verb}: ${(error as Error).message}`);
    process.exitCode = 1;
  }
else {
  console.log(HELP);
  if (!['help', '--help', '-h'].includes(verb)) {
    console.error(`\nThere is no "${verb}".`);
    process.exitCode = 2;
  }
}
