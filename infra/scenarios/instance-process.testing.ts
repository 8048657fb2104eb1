/**
 * A whole instance in a process of its own, to be killed from outside or by itself right after the
 * work of the n-th call of an operation is durable and before it is answered:
 * `node instance-process.testing.ts <port> <home> [<operation> <n>]`
 */
import { startInstance } from '#infra/local/instance.ts';
import type { AwsRequest } from '#infra/local/service.ts';

const [, , port, home, operation, number] = process.argv;
process.on('disconnect', () => process.exit(0));
const instance = await startInstance({ port: Number(port), home: home! });
let calls = 0;
for (const service of [instance.services.kinesis, instance.services.dynamodb]) {
  const handle = service.handle.bind(service);
  service.handle = async (request: AwsRequest) => {
    const answer = await handle(request);
    if (request.headers['x-amz-target']?.endsWith(`.${operation}`) && ++calls === Number(number))
      process.kill(process.pid, 'SIGKILL');
    return answer;
  };
}
process.send?.({ port: instance.port });
