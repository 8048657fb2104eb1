import { useApp } from '#dashboard/shell/app-context.ts';

/** Asks before an alert's incident goes one level higher: that wakes people, and cannot be taken back. */
export function useAskEscalate(): (alertId: string) => void {
  const { actions, alerts, asks } = useApp();
  return (alertId) => {
    const alert = alerts.get(alertId);
    if (!alert) return;
    const isOne = alert.incident_id !== undefined;
    asks.ask({
      title: `Escalate “${alert.title}”?`,
      text: isOne
        ? 'Its incident goes one level higher, and one more alert tells the people of that level.'
        : 'It has no incident yet: one is opened for it; an error or a critical alert escalates at once.',
      verb: 'Escalate',
      onConfirm: () => actions.escalate(alertId),
    });
  };
}
