import { useSearch } from 'wouter';

/** How the overview is looked at; its home is the address: `?focus=health`, `?kiosk=1`. */
interface OverviewView {
  /** The one panel that fills the screen. */
  focus: string | undefined;
  /** On a wall: nothing to press, larger type. */
  isKiosk: boolean;
}

export function useOverviewView(): OverviewView {
  const query = new URLSearchParams(useSearch());
  return { focus: query.get('focus') ?? undefined, isKiosk: query.has('kiosk') };
}
