import { describe, expect, it } from 'vitest';

import { simulate } from '#shared/escalation/simulate.ts';
import { recordAttempt } from '#shared/notification/attempt.ts';
import { deliver } from '#shared/notification/deliver.ts';
import { renderEmail } from '#shared/notification/message/email.ts';
import { renderPagerDuty } from '#shared/notification/message/pagerduty.ts';
import { renderSlack, renderSlackReply } from '#shared/notification/message/slack.ts';
import { renderWebhook } from '#shared/notification/message/webhook.ts';
import type { Notice } from '#shared/ports/channel-sender.ts';
import { BUILT_AT, buildAlert, buildDelivery } from '#shared/testing/build-alert.ts';
import { createGroupRig, type GroupRig } from '#shared/testing/group-rig.ts';
import { createNotifierRig } from '#shared/testing/notifier-rig.ts';

const link = (id: string) => `https://sentry.example/alerts/${id}`;

function noticeOf(fields: Partial<Notice> = {}): Notice {
  const named = (ids: readonly string[]) =>
    ids.map((id) => ({
      alert: buildAlert({ alert_id: id, title: `Trouble of <${id}>` }),
      link: link(id),
    }));
  return {
    intent: 'trigger',
    alert: buildAlert(),
    delivery: buildDelivery(),
    channel: { channel_id: 'c', channel: 'email', name: 'c', enabled: true },
    link: link('own'),
    at: BUILT_AT,
    idempotency_key: 'k',
    members: {
      number: 2,
      firing: named(['one', 'two']),
      resolved: named(['three']),
      firing_count: 45,
      resolved_count: 1,
    },
    ...fields,
  };
}

const PAGE = {
  steps: [
    {
      delay_minutes: 0,
      targets: [{ channel: 'pagerduty' as const, destination: 'pagerduty-primary' }],
    },
  ],
};

/** Sends what the group owes to one channel, as its notifier does; answers what went out. */
async function send(rig: GroupRig): Promise<Notice[]> {
  const notifier = await createNotifierRig([]);
  const sent: Notice[] = [];
  const sender = {
    send: async (notice: Notice) => {
      sent.push(structuredClone(notice));
      return { kind: 'delivered', receipt: 'ok' } as const;
    },
  };
  const ports = { ...notifier.ports, work: rig.work, sender };
  await deliver(rig.ctx, ports, { alert_id: rig.own()!.alert_id, channel: 'pagerduty' });
  return sent;
}

describe('a message of a group', () => {
  it('names each alert in a mail, and says how many more there are', () => {
    const { body } = renderEmail(noticeOf());
    expect(body).toContain('45 alert(s) firing:');
    for (const id of ['one', 'two', 'three']) expect(body).toContain(`Alert ${id}`);
    expect(body).toContain('… and 43 more');
    expect(body).toContain('1 alert(s) over since the last message:');
  });

  it('names each alert in chat, as text that can do nothing', () => {
    const text = JSON.stringify(renderSlack(noticeOf()));
    expect(text).toContain('2 of 45 firing:');
    expect(text).toContain('Trouble of &lt;one&gt;');
    expect(text).toContain('alert three');
    expect(renderSlackReply(noticeOf())['text']).toContain('Message 2: 45 firing, 1 over');
  });

  it('updates the same PagerDuty incident, and names each alert in its details', () => {
    const { dedup_key, payload } = renderPagerDuty(noticeOf(), 'key');
    expect(dedup_key).toBe(buildAlert().alert_id);
    const { custom_details } = payload as { custom_details: Record<string, unknown> };
    expect(custom_details).toMatchObject({ message: 2, firing_count: 45, resolved_count: 1 });
    expect(custom_details['firing']).toHaveLength(2);
  });

  it('is an update to a webhook, with each alert by its id and link', () => {
    const event = JSON.parse(renderWebhook(noticeOf({ delivery: buildDelivery({ message: 2 }) })));
    expect(event.type).toBe('sentry.alert.updated');
    expect(event.data.members).toMatchObject({
      firing: [{ alert_id: 'one', link: link('one') }, { alert_id: 'two' }],
      resolved: [{ alert_id: 'three' }],
    });
  });

  it('of an alert that is none of a group is as it ever was', () => {
    const { members: _none, ...notice } = noticeOf();
    expect(renderEmail(notice).body).not.toContain('alert(s)');
    expect(JSON.stringify(renderSlack(notice))).not.toContain('firing');
    expect(JSON.parse(renderWebhook(notice)).data).toEqual({
      alert: JSON.parse(JSON.stringify(notice.alert)),
      link: notice.link,
    });
  });

  it('goes out once for each message, under a key of its own, over one row', async () => {
    const rig = createGroupRig({}, PAGE);
    await rig.fire('a');
    await rig.pass(30);
    const [first] = await send(rig);
    await rig.fire('b');
    await rig.pass(300);
    const [second] = await send(rig);
    expect(await send(rig)).toEqual([]);
    expect(first!.members).toMatchObject({ number: 1, firing_count: 1 });
    expect(second!.members).toMatchObject({ number: 2, firing_count: 2 });
    expect(second!.delivery.delivery_key).toBe(first!.delivery.delivery_key);
    expect(second!.idempotency_key).not.toBe(first!.idempotency_key);
    expect(rig.deliveries().filter(({ channel }) => channel === 'pagerduty')).toHaveLength(1);
  });

  it('that comes while the one before is in flight is owed once that has arrived', () => {
    const claimed = buildDelivery({
      lease_owner: 'me',
      tried: 'trigger',
      next_attempt_at: BUILT_AT,
    });
    const renewed = { ...claimed, message: 2, revision: claimed.revision + 1 };
    const outcome = { kind: 'delivered', receipt: 'ok' } as const;
    const attempt = { owner: 'me', intent: 'trigger', triedBefore: undefined, outcome } as const;
    const now = Date.parse(BUILT_AT);
    expect(recordAttempt(claimed, attempt, now)).toMatchObject({ row: { status: 'SENT' } });
    expect(recordAttempt(renewed, attempt, now)).toMatchObject({
      kind: 'sent',
      row: { status: 'QUEUED', tried: 'trigger', next_attempt_at: BUILT_AT },
    });
  });

  it('that was overtaken by an acknowledgement is not sent; who knows of the group hears of that', async () => {
    const rig = createGroupRig({}, PAGE);
    await rig.fire('a');
    await rig.pass(30);
    await send(rig);
    await rig.fire('b');
    await rig.pass(300);
    for (const name of ['a', 'b']) await rig.ack(name);
    expect((await send(rig)).map(({ intent }) => intent)).toEqual(['acknowledge']);
  });
});

describe('a simulation', () => {
  it('says that the group is told after its wait, and escalates from there', () => {
    const { rules } = createGroupRig();
    const { steps } = simulate(buildAlert({ escalation_level: 0 }), rules, BUILT_AT);
    const [joined, told] = steps;
    expect(joined).toMatchObject({ at: BUILT_AT, told: [] });
    expect(joined!.trace.at(-1)).toMatchObject({ step: 'grouping', outcome: 'joined' });
    expect(Date.parse(told!.at) - Date.parse(BUILT_AT)).toBe(30_000);
    expect(told!.told.length).toBeGreaterThan(0);
    expect(told!.trace[0]).toMatchObject({ step: 'grouping', outcome: 'said' });
  });
});
