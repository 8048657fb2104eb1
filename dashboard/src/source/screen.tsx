import './source.css';

import { Link, useSearch } from 'wouter';

import { useApp } from '#dashboard/shell/app-context.ts';
import { Panel } from '#dashboard/shell/part/panel.tsx';

import { LiveLine } from './live-line.tsx';
import { SendTestEvent } from './send-test.tsx';
import { placeOf } from './snippet-parts.ts';
import { Snippet } from './snippet.tsx';
import type { Source } from './source.ts';
import { SOURCES } from './sources.ts';
import { useSourceWatch } from './use-source-watch.ts';
import type { SourceWatch } from './watch.ts';

/** `/sources`: how to make events come in, with this deployment's values, and whether they do. */
export function SourceScreen() {
  const word = new URLSearchParams(useSearch()).get('from');
  const chosen = SOURCES.find(({ key }) => key === word) ?? SOURCES[0]!;
  const watch = useSourceWatch();
  return (
    <main id="main" className="screen">
      <div className="screen-head">
        <h1>Add a source</h1>
      </div>
      <p className="lead">
        Choose what is to send events, and paste. Everything is filled in for this deployment.
      </p>
      <div className="sources">
        <nav aria-label="Sources">
          <ul className="source-list">
            {SOURCES.map(({ key, name, source }) => (
              <li key={key}>
                <Link
                  href={`/sources?from=${key}`}
                  replace
                  className="source-link"
                  aria-current={key === chosen.key ? 'page' : undefined}
                >
                  {name} <LiveLine watch={watch} source={source} isShort />
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <SourceGuide key={chosen.key} source={chosen} watch={watch} />
      </div>
    </main>
  );
}

function SourceGuide({ source, watch }: { source: Source; watch: SourceWatch }) {
  const { config } = useApp();
  const steps = source.steps(placeOf(config), config);
  return (
    <div className="source-guide">
      <Panel title={source.name} actions={<SendTestEvent source={source.source} />}>
        <p className="source-live" data-source={source.source}>
          <LiveLine watch={watch} source={source.source} />
        </p>
        <p>{source.about}</p>
        <ol className="source-steps">
          {steps.map(({ text, place, code }) => (
            <li key={place + text}>
              {text}
              <Snippet label="Copy" place={place} text={code} />
            </li>
          ))}
        </ol>
      </Panel>
      <Panel title="What an event is">
        <p>
          JSON with <code>source</code> and <code>type</code>; without one of them it is kept in{' '}
          <Link href="/quarantine">quarantine</Link>. <code>service</code>, <code>severity</code>{' '}
          (INFO, WARN, ERROR, CRITICAL), <code>timestamp</code> and <code>payload</code> are good to
          have; fields beside these become the payload. CloudEvents, EventBridge events, CloudTrail
          records and CloudWatch Logs subscriptions are read as they are.
        </p>
      </Panel>
    </div>
  );
}
