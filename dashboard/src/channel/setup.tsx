import { useApp } from '#dashboard/shell/app-context.ts';
import { Panel } from '#dashboard/shell/part/panel.tsx';
import { Snippet } from '#dashboard/source/snippet.tsx';

import { hookOf, secretOf, type SecretSetup } from './secret-command.ts';
import type { Channel } from './words.ts';

/** Where a channel's secret goes, and where its receiver's own calls go. */
export function ChannelSetup({ channel }: { channel: Channel }) {
  const { config } = useApp();
  const secret = secretOf(config, channel);
  const hook = hookOf(config, channel);
  const { webhook_path } = channel;
  return (
    <>
      <Panel title="Where its secret goes">
        {secret ? (
          <Secret setup={secret} reader="notifiers" />
        ) : (
          <p>
            E-mail needs no secret: it goes to everybody who confirmed a subscription of this
            deployment’s topic.
          </p>
        )}
      </Panel>
      {webhook_path !== undefined && (
        <Panel title={channel.channel === 'slack' ? 'Buttons in Slack' : 'Answers from PagerDuty'}>
          <p>
            {channel.channel === 'slack'
              ? 'Give this as the request URL of the app’s interactivity: a button pressed in Slack then acknowledges or resolves.'
              : 'Give this as the address of a v3 webhook subscription: what is acknowledged or resolved in PagerDuty then is so here.'}
          </p>
          <Snippet label="Copy address" text={`${config.api}${webhook_path}`} />
          {hook && <Secret setup={hook} reader="the API" />}
        </Panel>
      )}
      {channel.channel === 'slack' && webhook_path === undefined && (
        <Panel title="Buttons in Slack">
          <p className="muted">
            Switched off. Edit the channel to have buttons that acknowledge and resolve.
          </p>
        </Panel>
      )}
    </>
  );
}

function Secret({ setup, reader }: { setup: SecretSetup; reader: string }) {
  const { parameter, hint, command } = setup;
  return (
    <>
      <p className="setup-hint">
        It stands in the parameter <code>{parameter}</code>, which only {reader} may read.{' '}
        <span className="muted">{hint}</span>
      </p>
      <Snippet label="Copy command" text={command} />
    </>
  );
}
