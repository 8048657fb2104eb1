import type { LocalClock } from '#infra/local/clock.ts';
import { InvocationError } from '#infra/local/service.ts';
import type { Invoker } from '#infra/local/service.ts';
import { queueOfArn } from '#infra/local/sqs/queue.ts';
import type { Sqs } from '#infra/local/sqs/sqs.ts';

import { backoffMs } from './backoff.ts';
import type { BusDelivery, DeliveryStore } from './delivery-store.ts';

/** Deliveries under way to one target at a time: a slow target never holds up another. */
const CONCURRENCY_PER_TARGET = 10;

const RETRIES_DEFAULT = 185;
const AGE_SECONDS_DEFAULT = 86_400;

export interface Delivering {
  /** Looks for due deliveries now; called after events were accepted. */
  pump(): void;
  /** Resolves once nothing is due and nothing is under way. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Delivers what is owed, at least once: a row leaves the store only after its target took it or the
 * dead-letter queue did. Source: EventBridge User Guide, "How EventBridge retries delivering events"
 * and "Using dead-letter queues to process undelivered events".
 */
export function startDelivering(
  store: DeliveryStore,
  {
    invoker,
    sqs,
    clock,
    random,
  }: { invoker: Invoker; sqs: Sqs; clock: LocalClock; random: () => number },
): Delivering {
  const underWay = new Set<number>();
  const idlers = new Set<() => void>();
  let cancelTimer: (() => void) | undefined;
  let closed = false;

  function pump(): void {
    if (closed) return;
    const now = clock.now();
    for (const target of store.dueTargets(now)) {
      // Rows under way are still in the store and come first again, so the limit counts them too.
      for (const seq of store.due(target, now, CONCURRENCY_PER_TARGET)) {
        if (!underWay.has(seq)) start(store.get(seq));
      }
    }
    cancelTimer?.();
    const next = store.nextAt(now);
    cancelTimer = next === undefined ? undefined : clock.at(next, pump);
    if (underWay.size > 0) return;
    for (const resolve of idlers) resolve();
    idlers.clear();
  }

  function start(delivery: BusDelivery): void {
    underWay.add(delivery.seq);
    void attempt(delivery)
      .catch(() => {
        // The dead-letter queue could not take it: the row stays and is tried again.
        if (!closed) store.retry(delivery, clock.now() + 1000);
      })
      .finally(() => {
        underWay.delete(delivery.seq);
        pump();
      });
  }

  async function attempt(delivery: BusDelivery): Promise<void> {
    const expiresAt =
      delivery.accepted_at +
      (delivery.target.RetryPolicy?.MaximumEventAgeInSeconds ?? AGE_SECONDS_DEFAULT) * 1000;
    if (delivery.attempts > 0 && clock.now() >= expiresAt) {
      return bury(delivery, 'MaximumEventAgeInSeconds');
    }
    try {
      await send(delivery);
      if (!closed) store.remove(delivery.seq);
    } catch (error) {
      // What was under way while this process ends is delivered again after its next start.
      if (closed) return;
      const failure = describeFailure(error);
      const failed = {
        ...delivery,
        attempts: delivery.attempts + 1,
        error_code: failure.code,
        error_message: failure.message,
      };
      if (failure.code === 'NO_RESOURCE') return bury(failed, undefined);
      if (
        failed.attempts > (delivery.target.RetryPolicy?.MaximumRetryAttempts ?? RETRIES_DEFAULT)
      ) {
        return bury(failed, 'MaximumRetryAttempts');
      }
      store.retry(failed, Math.min(clock.now() + backoffMs(failed.attempts, random), expiresAt));
    }
  }

  async function send({ target, input }: BusDelivery): Promise<void> {
    const [, , service, , , ...resource] = target.Arn.split(':');
    if (service === 'lambda') {
      await invoker.invoke(resource[1] ?? '', JSON.parse(input));
    } else if (service === 'sqs' && sqs.hasQueue(queueOfArn(target.Arn))) {
      sqs.send(queueOfArn(target.Arn), [{ body: input }]);
    } else {
      throw new MissingTarget(target.Arn);
    }
  }

  /** The queue takes it first, then the row goes: a crash between the two repeats, never loses. */
  function bury(delivery: BusDelivery, exhausted: string | undefined): void {
    const queue = queueOfArn(delivery.target.DeadLetterConfig?.Arn ?? '');
    const text = (StringValue: string) => ({ DataType: 'String', StringValue });
    if (queue && sqs.hasQueue(queue)) {
      const attributes = {
        RULE_ARN: text(delivery.rule_arn),
        TARGET_ARN: text(delivery.target.Arn),
        ERROR_CODE: text(delivery.error_code ?? 'UNKNOWN'),
        ERROR_MESSAGE: text((delivery.error_message || 'no message').slice(0, 1024)),
        RETRY_ATTEMPTS: {
          DataType: 'Number',
          StringValue: String(Math.max(delivery.attempts - 1, 0)),
        },
        ...(exhausted ? { EXHAUSTED_RETRY_CONDITION: text(exhausted) } : {}),
      };
      sqs.send(queue, [{ body: delivery.input, attributes }]);
    }
    store.remove(delivery.seq);
  }

  return {
    pump,
    idle: () =>
      new Promise((resolve) => {
        idlers.add(resolve);
        pump();
      }),
    async close() {
      closed = true;
      cancelTimer?.();
      for (const resolve of idlers) resolve();
      await Promise.resolve();
    },
  };
}

class MissingTarget extends Error {
  constructor(arn: string) {
    super(`The target ${arn} does not exist.`);
    this.name = 'MissingTarget';
  }
}

function describeFailure(error: unknown): { code: string; message: string } {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof MissingTarget) return { code: 'NO_RESOURCE', message };
  if (!(error instanceof InvocationError)) return { code: 'INTERNAL_ERROR', message };
  return { code: error.kind === 'timeout' ? 'TIMEOUT' : 'ERROR_FROM_TARGET', message };
}
