import { ApiError } from '#dashboard/api/problem.ts';
import { useResource } from '#dashboard/api/use-resource.ts';
import { useApp } from '#dashboard/shell/app-context.ts';
import { actorName } from '#dashboard/shell/format.ts';
import { Loaded } from '#dashboard/shell/part/loaded.tsx';
import { Panel } from '#dashboard/shell/part/panel.tsx';
import { When } from '#dashboard/shell/time.tsx';

/** Who changed a channel, and when. */
export function ChannelVersions({ channelId, version }: { channelId: string; version: number }) {
  const { call } = useApp();
  const versions = useResource(`channel ${channelId} ${version}`, () =>
    // What a local instance writes of a shipped channel has a version and no history.
    call('channels.versions', { channel_id: channelId }).catch((error: unknown) => {
      if (error instanceof ApiError && error.code === 'not_found') return { items: [] };
      throw error;
    }),
  );
  return (
    <Panel title="History">
      <Loaded what="Its history" resource={versions}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="muted">As it was shipped; nobody has changed it.</p>
          ) : (
            <ol className="versions">
              {items.map((one) => (
                <li key={one.version}>
                  Version {one.version} {one.removed ? 'removed it' : one.enabled ? 'on' : 'off'},{' '}
                  <bdi>{actorName(one.author)}</bdi>,{' '}
                  <span className="muted">
                    <When at={one.updated_at} />
                  </span>
                </li>
              ))}
            </ol>
          )
        }
      </Loaded>
    </Panel>
  );
}
