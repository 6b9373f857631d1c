import { useEffect, useState } from 'preact/hooks';
import { Link, Route, Switch, useRoute } from 'wouter-preact';
import { AuditPage } from './audit/audit-page.tsx';
import { FleetPage } from './fleet/fleet-page.tsx';
import { useInfo } from './live/use-info.ts';
import { useLive } from './live/use-live.ts';
import { ProcessesPage } from './processes/processes-page.tsx';
import { RollupPage } from './rollup/rollup-page.tsx';
import { usePreference } from './settings/use-preference.ts';
import { type ZoneChoice, ZoneContext, zoneChoices, zoneWords } from './time/zone.ts';

const themes = ['auto', 'light', 'dark'] as const;

/** The frame around every page: where one is, how live it is, in which zone times are told. */
export function App() {
  const [onRollup, params] = useRoute('/rollups/:rollupId');
  const rollupId = onRollup ? Number(params.rollupId) : null;
  const live = useLive(rollupId);
  const info = useInfo();
  const [zone, setZone] = usePreference<ZoneChoice>('zone', zoneChoices, 'viewer');
  const [theme, setTheme] = usePreference('theme', themes, 'auto');
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  const mayAct = info?.may_act ?? false;
  return (
    <ZoneContext.Provider value={zone}>
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <header class="top">
        <Link href="/" class="brand">
          Silver
        </Link>
        <nav aria-label="Pages">
          <PageLink href="/">Rollups</PageLink>
          <PageLink href="/processes">Processes</PageLink>
          <PageLink href="/audit">Audit</PageLink>
          <a href="/queues">Queues</a>
        </nav>
        <div class="controls">
          <Connection state={live.connection} />
          {info !== null && !mayAct && <span class="badge quiet">read-only</span>}
          <label>
            <span class="hidden">Times in</span>
            <select
              value={zone}
              onChange={(event) => setZone(event.currentTarget.value as ZoneChoice)}
            >
              {zoneChoices.map((choice) => (
                <option key={choice} value={choice}>
                  {zoneWords[choice]}
                </option>
              ))}
            </select>
          </label>
          <label>
            <span class="hidden">Colours</span>
            <select
              value={theme}
              onChange={(event) => setTheme(event.currentTarget.value as (typeof themes)[number])}
            >
              {themes.map((choice) => (
                <option key={choice} value={choice}>
                  {choice}
                </option>
              ))}
            </select>
          </label>
        </div>
      </header>
      <main id="content">
        <Switch>
          <Route path="/">
            <FleetPage live={live} />
          </Route>
          <Route path="/rollups/:rollupId">
            <RollupPage key={rollupId} rollupId={rollupId ?? 0} live={live} info={info} />
          </Route>
          <Route path="/processes">
            <ProcessesPage live={live} />
          </Route>
          <Route path="/audit">
            <AuditPage />
          </Route>
          <Route>
            <p class="empty">
              There is no such page. <Link href="/">All rollups</Link>
            </p>
          </Route>
        </Switch>
      </main>
    </ZoneContext.Provider>
  );
}

function PageLink({ children, href }: { href: string; children: string }) {
  const [here] = useRoute(href);
  return (
    <Link href={href} aria-current={here ? 'page' : undefined}>
      {children}
    </Link>
  );
}

const connectionWords = {
  connecting: 'connecting',
  live: 'live',
  trouble: 'not live',
} as const;

function Connection({ state }: { state: keyof typeof connectionWords }) {
  // Said to a screen reader only when it changes, and only after it was live once.
  const [spoken, setSpoken] = useState('');
  useEffect(() => {
    setSpoken(state === 'trouble' ? 'The page is not live: the console does not answer.' : '');
  }, [state]);
  return (
    <span class={`connection ${state}`}>
      <span aria-hidden="true" class="dot" /> {connectionWords[state]}
      <span class="hidden" role="status">
        {spoken}
      </span>
    </span>
  );
}
