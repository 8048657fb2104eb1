import { lazyScreen, type ScreenEntry } from '#dashboard/shell/screen.ts';

const alerts = lazyScreen(
  async () => (await import('#dashboard/alert/list-screen.tsx')).AlertListScreen,
);

/**
 * Every screen, in the order of the navigation. A new one is one row here and nothing else; each is a
 * chunk of its own.
 */
export const SCREENS: readonly ScreenEntry[] = [
  {
    path: '/',
    name: 'Overview',
    group: 'Respond',
    key: 'o',
    scope: 'sentry.read',
    Screen: lazyScreen(async () => (await import('#dashboard/overview/screen.tsx')).OverviewScreen),
  },
  {
    path: '/alerts',
    name: 'Alerts',
    group: 'Respond',
    key: 'a',
    scope: 'sentry.alert.read',
    Screen: alerts,
  },
  {
    path: '/alerts/:id',
    name: 'Alert',
    scope: 'sentry.alert.read',
    Screen: lazyScreen(
      async () => (await import('#dashboard/alert/detail-screen.tsx')).AlertDetailScreen,
    ),
  },
  {
    path: '/incidents',
    name: 'Incidents',
    group: 'Respond',
    key: 'i',
    scope: 'sentry.alert.read',
    Screen: lazyScreen(
      async () => (await import('#dashboard/incident/list-screen.tsx')).IncidentListScreen,
    ),
  },
  {
    path: '/incidents/:id',
    name: 'Incident',
    scope: 'sentry.alert.read',
    Screen: lazyScreen(
      async () => (await import('#dashboard/incident/detail-screen.tsx')).IncidentDetailScreen,
    ),
  },
  {
    path: '/feed',
    name: 'Live feed',
    group: 'Respond',
    key: 'f',
    scope: 'sentry.read',
    Screen: lazyScreen(async () => (await import('#dashboard/feed/screen.tsx')).FeedScreen),
  },
  {
    path: '/rules',
    name: 'Rules',
    group: 'Detect',
    key: 'r',
    scope: 'sentry.policy.read',
    Screen: lazyScreen(
      async () => (await import('#dashboard/rule/list-screen.tsx')).RuleListScreen,
    ),
  },
  {
    path: '/rules/:id',
    name: 'Rule',
    scope: 'sentry.policy.read',
    Screen: lazyScreen(
      async () => (await import('#dashboard/rule/detail-screen.tsx')).RuleDetailScreen,
    ),
  },
  {
    path: '/deliveries',
    name: 'Deliveries',
    group: 'Reach',
    key: 'd',
    scope: 'sentry.policy.read',
    Screen: lazyScreen(
      async () => (await import('#dashboard/channel/list-screen.tsx')).DeliveryScreen,
    ),
  },
  {
    path: '/deliveries/:id',
    name: 'Channel',
    scope: 'sentry.policy.read',
    Screen: lazyScreen(
      async () => (await import('#dashboard/channel/detail-screen.tsx')).ChannelDetailScreen,
    ),
  },
  {
    path: '/sources',
    name: 'Add a source',
    group: 'Detect',
    key: 'e',
    scope: 'sentry.read',
    Screen: lazyScreen(async () => (await import('#dashboard/source/screen.tsx')).SourceScreen),
  },
  {
    path: '/quarantine',
    name: 'Quarantine',
    group: 'Detect',
    key: 'q',
    scope: 'sentry.read',
    Screen: lazyScreen(
      async () => (await import('#dashboard/quarantine/list-screen.tsx')).QuarantineScreen,
    ),
  },
  {
    path: '/quarantine/:id',
    name: 'Quarantined record',
    scope: 'sentry.read',
    Screen: lazyScreen(
      async () => (await import('#dashboard/quarantine/detail-screen.tsx')).QuarantineDetailScreen,
    ),
  },
  {
    path: '/policies',
    name: 'Policies',
    group: 'Reach',
    key: 'p',
    scope: 'sentry.policy.read',
    Screen: lazyScreen(
      async () => (await import('#dashboard/policy/list-screen.tsx')).PolicyListScreen,
    ),
  },
  {
    path: '/policies/:id',
    name: 'Policy',
    scope: 'sentry.policy.read',
    Screen: lazyScreen(
      async () => (await import('#dashboard/policy/detail-screen.tsx')).PolicyDetailScreen,
    ),
  },
  {
    path: '/schedules',
    name: 'On call',
    group: 'Reach',
    key: 'c',
    scope: 'sentry.policy.read',
    Screen: lazyScreen(
      async () => (await import('#dashboard/schedule/list-screen.tsx')).ScheduleListScreen,
    ),
  },
  {
    path: '/schedules/:id',
    name: 'Schedule',
    scope: 'sentry.policy.read',
    Screen: lazyScreen(
      async () => (await import('#dashboard/schedule/detail-screen.tsx')).ScheduleDetailScreen,
    ),
  },
  {
    path: '/silences',
    name: 'Silences',
    group: 'Reach',
    key: 'm',
    scope: 'sentry.policy.read',
    Screen: lazyScreen(async () => (await import('#dashboard/silence/screen.tsx')).SilenceScreen),
  },
  {
    path: '/settings',
    name: 'Settings',
    group: 'You',
    key: 's',
    Screen: lazyScreen(async () => (await import('#dashboard/settings/screen.tsx')).SettingsScreen),
  },
];
