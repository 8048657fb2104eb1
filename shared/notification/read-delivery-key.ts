/** `alert_id|step|destination` taken apart; a destination may hold a bar itself. Undefined for what is none. */
export function readDeliveryKey(
  deliveryKey: string,
): { alert_id: string; step: number; destination: string } | undefined {
  const [alert_id = '', step = '', ...destination] = deliveryKey.split('|');
  if (!/^\d{1,9}$/.test(step) || alert_id === '' || destination.length === 0) return undefined;
  return { alert_id, step: Number(step), destination: destination.join('|') };
}
