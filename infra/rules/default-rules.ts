import bruteForceLogin from './default/brute-force-login.json' with { type: 'json' };
import cpuHigh from './default/cpu-high.json' with { type: 'json' };
import criticalEvent from './default/critical-event.json' with { type: 'json' };
import dataAccessAnomaly from './default/data-access-anomaly.json' with { type: 'json' };
import databaseFailure from './default/database-failure.json' with { type: 'json' };
import diskFull from './default/disk-full.json' with { type: 'json' };
import errorRateHigh from './default/error-rate-high.json' with { type: 'json' };
import latencyHigh from './default/latency-high.json' with { type: 'json' };
import memoryHigh from './default/memory-high.json' with { type: 'json' };
import offHoursSensitiveAccess from './default/off-hours-sensitive-access.json' with { type: 'json' };
import privilegeEscalation from './default/privilege-escalation.json' with { type: 'json' };

/** The shipped rules as they stand in their files; `seedRules` checks and writes them. */
export const DEFAULT_RULES: readonly unknown[] = [
  bruteForceLogin,
  cpuHigh,
  criticalEvent,
  dataAccessAnomaly,
  databaseFailure,
  diskFull,
  errorRateHigh,
  latencyHigh,
  memoryHigh,
  offHoursSensitiveAccess,
  privilegeEscalation,
];
