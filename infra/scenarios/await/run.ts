import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { enumerateDeaths } from './story.ts';

const { values } = parseArgs({ options: { json: { type: 'string' } } });
const { awaits, deaths, repeated, different } = await enumerateDeaths();
console.log(
  `F3b: ${deaths.length} deaths at ${awaits} awaits, ${repeated} with a message told twice, ${different.length} with another end`,
);
for (const { index, where, expected, found } of different)
  console.log(`  await ${index}, ${where}:\n    expected ${expected}\n    found    ${found}`);
if (values.json !== undefined)
  writeFileSync(
    values.json,
    `${JSON.stringify({ awaits, deaths: deaths.length, repeated, different }, null, 2)}\n`,
  );
process.exitCode = different.length === 0 ? 0 : 1;
