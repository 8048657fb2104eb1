import type { Silence } from '#shared/silence/schema.ts';

import { ApiError, reasonOf } from '#dashboard/api/problem.ts';
import { type App, useApp } from '#dashboard/shell/app-context.ts';
import { serverNow } from '#dashboard/shell/clock.ts';
import { actorName } from '#dashboard/shell/format.ts';

import { lastEndOf } from './phase.ts';
import { matchersLine } from './matcher-text.ts';

/** What can be done to a silence that is not over. */
export function useSilenceActions(onChanged: () => void) {
  const app = useApp();
  const { call, asks, toasts } = app;
  const run = async (what: string, change: () => Promise<unknown>) => {
    try {
      await change();
    } catch (error) {
      toasts.say('failed', `Not ${what}: ${whoElse(error) ?? reasonOf(error)}`);
    } finally {
      onChanged();
    }
  };
  const end = (silence: Silence) =>
    asks.ask({
      title: 'End this silence now?',
      text: `Alerts where ${matchersLine(silence.matchers)} are told again at once, also those that fire already.`,
      verb: 'End it',
      onConfirm: () =>
        run('ended', async () => {
          const { silence_id, version } = silence;
          await call('silences.delete', { silence_id, if_version: version });
          toasts.say('done', 'The silence is over.', () => void restore(app, silence, onChanged));
        }),
    });
  const extend = (silence: Silence, ms: number) =>
    run('extended', () =>
      call('silences.replace', {
        ...bodyOf(silence),
        ends_at: new Date(Math.max(lastEndOf(silence), serverNow()) + ms).toISOString(),
        if_version: silence.version,
      }),
    );
  return { end, extend };
}

async function restore({ call, toasts }: App, silence: Silence, onChanged: () => void) {
  try {
    await call('silences.create', bodyOf(silence));
  } catch (error) {
    toasts.say('failed', `Not silenced again: ${reasonOf(error)}`);
  } finally {
    onChanged();
  }
}

function bodyOf({ version: _v, author: _a, updated_at: _u, removed: _r, ...body }: Silence) {
  return body;
}

/** Who was faster, where that is why something was refused. */
function whoElse(error: unknown): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  const { author, version } = (error.current ?? {}) as Partial<Silence>;
  if (author === undefined) return undefined;
  return `${actorName(author)} saved version ${version} meanwhile.`;
}
