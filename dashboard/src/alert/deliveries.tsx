import type { OperationResult } from '#shared/api/routes.ts';
import type { Delivery } from '#shared/notification/schema.ts';

import type { Resource } from '#dashboard/api/use-resource.ts';
import { KIND_WORDS } from '#dashboard/channel/words.ts';
import { Failed, Loading } from '#dashboard/shell/notice.tsx';
import { When } from '#dashboard/shell/time.tsx';

const INTENT_WORDS: Readonly<Record<Delivery['desired'], string>> = {
  trigger: 'open',
  acknowledge: 'acknowledged',
  resolve: 'resolved',
};

interface Props {
  deliveries: Resource<OperationResult<'alerts.deliveries'>>;
}

/** Who was told, by which channel, with what result. */
export function Deliveries({ deliveries }: Props) {
  const { value, error, reload } = deliveries;
  return (
    <section className="panel" aria-labelledby="deliveries-title">
      <h2 id="deliveries-title">Notifications</h2>
      {!value && error && <Failed what="Notifications" message={error.message} retry={reload} />}
      {!value && !error && <Loading what="notifications" />}
      {value?.items.length === 0 && <p className="muted">Nobody is to be told of this alert.</p>}
      <ul className="deliveries">
        {value?.items.map((delivery) => (
          <li key={delivery.delivery_key}>
            <div className="delivery-head">
              <strong>{KIND_WORDS[delivery.channel]}</strong>
              <bdi className="muted">{delivery.destination}</bdi>
              <span className={`delivery delivery-${delivery.status}`}>
                {delivery.status.toLowerCase()}
              </span>
            </div>
            <p className="delivery-line">{wordsOf(delivery)}</p>
            {delivery.receipt && (
              <p className="delivery-line">
                Answer: <bdi>{delivery.receipt}</bdi>
              </p>
            )}
            {delivery.last_error && delivery.status !== 'SENT' && (
              <p className="delivery-line delivery-error">
                <bdi>{delivery.last_error}</bdi>
              </p>
            )}
            {delivery.next_attempt_at && (
              <p className="delivery-line">
                Next try <When at={delivery.next_attempt_at} />
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function wordsOf({ step, sent, desired, attempts, for_user, schedule_id }: Delivery): string {
  const told = sent ? `told: ${INTENT_WORDS[sent]}` : 'not told yet';
  const owed = sent !== desired && sent ? `, next: ${INTENT_WORDS[desired]}` : '';
  const tries = attempts > 1 ? `, ${attempts} attempts` : '';
  const person = for_user ? ` for ${for_user} (on call: ${schedule_id})` : '';
  return `Step ${step}${person}, ${told}${owed}${tries}`;
}
