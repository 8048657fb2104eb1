/** A whole instance in a process of its own, to be killed: `node instance-process.testing.ts <port> <home>`. */
import { startInstance } from '#infra/local/instance.ts';

const [, , port, home] = process.argv;
process.on('disconnect', () => process.exit(0));
const instance = await startInstance({ port: Number(port), home: home! });
process.send?.({ port: instance.port });
