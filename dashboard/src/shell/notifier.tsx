import { useEffect } from 'react';
import { useLocation } from 'wouter';

import { compareSeverity } from '#shared/kernel/severity.ts';
import type { AlertLine } from '#shared/live/schema.ts';

import { readSettings } from '#dashboard/settings/settings.ts';

import { useApp } from './app-context.ts';
import { severityWord } from './badge.tsx';
import { playSound } from './sound.ts';

/** New alerts as a sound and as a notification of the desktop, for the severities somebody chose. */
export function Notifier() {
  const { alerts } = useApp();
  const [, navigate] = useLocation();
  useEffect(
    () =>
      alerts.onOpened((opened) => {
        const { sound, notify } = readSettings();
        const [gravest] = opened.toSorted((a, b) => compareSeverity(b.severity, a.severity));
        if (!gravest) return;
        if (sound.includes(gravest.severity)) playSound(gravest.severity);
        if (notify.includes(gravest.severity))
          showNotification(gravest, opened.length - 1, () =>
            navigate(`/alerts/${gravest.alert_id}`),
          );
      }),
    [alerts, navigate],
  );
  return null;
}

/** One for all that opened together; a later one of the same alert takes its place. */
function showNotification(alert: AlertLine, others: number, open: () => void): void {
  if (!('Notification' in window) || Notification.permission !== 'granted') return;
  const more = others > 0 ? ` and ${others} more` : '';
  const notification = new Notification(`${severityWord(alert.severity)}: ${alert.title}`, {
    body: `${alert.service}${more}`,
    tag: alert.alert_id,
  });
  notification.addEventListener('click', () => {
    window.focus();
    open();
    notification.close();
  });
}
