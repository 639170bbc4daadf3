import type { Clock } from '../../kit/clock.ts';
import type { AscpError } from '../ascp-error.ts';
import type { Fields } from '../fields.ts';
import { isoSeconds } from '../info.ts';

type ComponentName = 'watch' | 'transport' | 'watchfolderd';

/** How the parts of a watch folder are. */
export interface WatchComponents {
  well(name: ComponentName): void;
  failed(name: ComponentName, error: AscpError): void;
  isWell(): boolean;
  /** `components` of a watch folder's state (aspera-node-api.md §6). */
  render(): Fields;
}

interface Component {
  state: 'HEALTHY' | 'IMPAIRED' | 'UNKNOWN';
  changedMs: number;
  error?: { readonly text: string; readonly atMs: number };
}

const renderOne = ({ state, changedMs, error }: Component): Fields => ({
  state,
  state_changed_at: isoSeconds(changedMs),
  ...(error ? { last_error: error.text, last_error_at: isoSeconds(error.atMs) } : {}),
});

/**
 * [GUESS] Of the words for a state only HEALTHY and UNKNOWN are sampled; IMPAIRED is ours for what is neither. That
 * times are ISO is a guess, too.
 */
export function createComponents(clock: Clock): WatchComponents {
  const fresh = (state: Component['state']): Component => ({ state, changedMs: clock.now() });
  const components: Record<ComponentName, Component> = {
    watch: fresh('UNKNOWN'),
    transport: fresh('UNKNOWN'),
    watchfolderd: fresh('HEALTHY'),
  };
  const change = (component: Component, state: Component['state']) => {
    if (component.state === state) return;
    component.state = state;
    component.changedMs = clock.now();
  };
  return {
    well: (name) => change(components[name], 'HEALTHY'),
    failed: (name, error) => {
      change(components[name], 'IMPAIRED');
      const told = { text: `${error.message} (${error.code})`, atMs: clock.now() };
      components[name].error = told;
      components.watchfolderd.error = told;
    },
    isWell: () => Object.values(components).every(({ state }) => state !== 'IMPAIRED'),
    render: () => ({
      watch: renderOne(components.watch),
      transport: renderOne(components.transport),
      watchfolderd: renderOne(components.watchfolderd),
    }),
  };
}
