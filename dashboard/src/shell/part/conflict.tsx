import type { Conflict } from '#dashboard/api/use-save.ts';
import { actorName } from '#dashboard/shell/format.ts';
import { Age } from '#dashboard/shell/time.tsx';

interface Props {
  conflict: Conflict;
  /** Takes what is stored now in the place of what is written here. */
  onTakeTheirs: () => void;
}

/** Who changed it meanwhile, and the way to their version. */
export function ConflictNote({ conflict, onTakeTheirs }: Props) {
  return (
    <div className="notice notice-failed" role="alert">
      <p>
        <strong>
          <bdi>{actorName(conflict.author)}</bdi> saved version {conflict.version} meanwhile,
        </strong>{' '}
        <Age since={conflict.updated_at} /> ago. Nothing of yours was saved.
      </p>
      <button type="button" className="button" onClick={onTakeTheirs}>
        Take their version
      </button>
    </div>
  );
}
