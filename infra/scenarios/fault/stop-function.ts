import { InvocationError } from '#infra/local/service.ts';
import type { Scenario } from '#infra/scenarios/harness.ts';
import type { FunctionName } from '#infra/functions.ts';

/** Every call of this function fails at once, as of one that is not there; the answer brings it back. */
export function stopFunction({ instance }: Scenario, name: FunctionName): () => void {
  const { invoker } = instance;
  const invoke = invoker.invoke.bind(invoker);
  invoker.invoke = (called, ...rest) =>
    called === name
      ? Promise.reject(new InvocationError('crash', `${name} is stopped`))
      : invoke(called, ...rest);
  return () => {
    invoker.invoke = invoke;
  };
}
