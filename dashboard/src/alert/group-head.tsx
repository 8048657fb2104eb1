import { SeverityBadge } from '#dashboard/shell/badge.tsx';
import { Icon } from '#dashboard/shell/icon.tsx';

import type { Group } from './group.ts';

interface Props {
  group: Group;
  isFolded: boolean;
  onFold: (name: string) => void;
}

/** What the alerts below have in common; folds them away. */
export function GroupHead({ group, isFolded, onFold }: Props) {
  return (
    <button
      type="button"
      className={`group-head ${isFolded ? 'is-folded' : ''}`}
      aria-expanded={!isFolded}
      onClick={() => onFold(group.name)}
    >
      <Icon name="down" />
      <bdi>{group.name}</bdi>
      {group.severity && <SeverityBadge severity={group.severity} />}
      <span className="muted">
        {group.open} open of {group.count}
      </span>
    </button>
  );
}
