import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { checkModel, describeModel } from './check-model.ts';

const { values } = parseArgs({
  options: { crashes: { type: 'string', default: '1' }, json: { type: 'string' } },
});

const report = await checkModel({
  crashes: Number(values.crashes),
  progress: ({ setting, states, seconds }) =>
    console.error(`${setting}: ${states} states in ${seconds.toFixed(1)} s`),
});
console.log(describeModel(report));
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
process.exitCode = report.holds ? 0 : 1;
