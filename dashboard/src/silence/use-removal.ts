import { reasonOf } from '#dashboard/api/problem.ts';
import { useApp } from '#dashboard/shell/app-context.ts';

/** Asks, removes, and says why when it was refused. */
export function useRemoval(onChanged: () => void) {
  const { asks, toasts } = useApp();
  return (what: { title: string; text: string; write: () => Promise<unknown> }) =>
    asks.ask({
      title: what.title,
      text: what.text,
      verb: 'Remove',
      isDanger: true,
      onConfirm: async () => {
        try {
          await what.write();
          toasts.say('done', 'Removed. Its history stays.');
        } catch (error) {
          toasts.say('failed', `Not removed: ${reasonOf(error)}`);
        } finally {
          onChanged();
        }
      },
    });
}
