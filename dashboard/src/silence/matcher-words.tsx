import type { Matcher } from '#shared/silence/schema.ts';

import { matcherWords } from './matcher-text.ts';

/** Conditions for people: `service is checkout and label env is prod`. */
export function MatcherWords({ matchers }: { matchers: readonly Matcher[] }) {
  return (
    <span className="conditions">
      {matchers.map((matcher, index) => {
        const { ask, value } = matcherWords(matcher);
        return (
          // Conditions have no id, and a list of them never changes its order here.
          // oxlint-disable-next-line react/no-array-index-key
          <span key={index} className="condition">
            {index > 0 && <span className="muted">and </span>}
            <bdi>{ask}</bdi> {value !== '' && <bdi className="condition-value">{value}</bdi>}
          </span>
        );
      })}
    </span>
  );
}
