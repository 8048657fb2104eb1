import { Tabs } from '#dashboard/shell/part/tabs.tsx';

import { Inhibitions } from './inhibitions.tsx';
import { Maintenance } from './maintenance.tsx';
import { Silences } from './silences.tsx';

import './silence.css';

const TABS = [
  { word: 'silences', name: 'Silences', content: () => <Silences /> },
  { word: 'maintenance', name: 'Maintenance', content: () => <Maintenance /> },
  { word: 'inhibitions', name: 'Inhibitions', content: () => <Inhibitions /> },
] as const;

/** `/silences`: what keeps alerts from being told, by hand, by plan, or because of another alert. */
export function SilenceScreen() {
  return (
    <main id="main" className="screen">
      <div className="screen-head">
        <h1>Silences</h1>
      </div>
      <Tabs label="What holds alerts back" tabs={TABS} />
    </main>
  );
}
