// What `cdk` runs: the app on the project's own Node 24, whatever the machine's node and shell are.
import { guard, runOnNode } from '#infra/runtime.mjs';

await guard(() => runOnNode(['infra/aws/app.ts']));
