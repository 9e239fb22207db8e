/** Which page stands at which address; each is loaded when it is first gone to. */
import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { base } from './api/client';
import { usageSearch } from './lib/asked';
import { modelsSearch } from './lib/catalogue';
import { providersSearch } from './lib/provider';
import { fetchAhead, part } from './shell/parts';
import { Shell } from './shell/Shell';
import { Failed, Loading, Nowhere } from './ui/states';

const root = createRootRoute({ component: Shell, notFoundComponent: Nowhere });
const parts = {
  home: part(() => import('./pages/Home').then((page) => page.Home)),
  playground: part(() => import('./pages/Playground').then((page) => page.Playground)),
  models: part(() => import('./pages/Models').then((page) => page.Models)),
  providers: part(() => import('./pages/Providers').then((page) => page.Providers)),
  keys: part(() => import('./pages/Keys').then((page) => page.Keys)),
  usage: part(() => import('./pages/Usage').then((page) => page.Usage)),
  members: part(() => import('./pages/Members').then((page) => page.Members)),
  settings: part(() => import('./pages/Settings').then((page) => page.Settings)),
};
const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;

export const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: parts.home,
});
export const playground = createRoute({
  getParentRoute: () => root,
  path: '/playground',
  validateSearch: (search: Record<string, unknown>): { model?: string } => ({ model: text(search.model) }),
  component: parts.playground,
});
export const models = createRoute({
  getParentRoute: () => root,
  path: '/models',
  validateSearch: modelsSearch,
  component: parts.models,
});
export const providers = createRoute({
  getParentRoute: () => root,
  path: '/providers',
  validateSearch: providersSearch,
  component: parts.providers,
});
export const keys = createRoute({
  getParentRoute: () => root,
  path: '/keys',
  component: parts.keys,
});
export const usage = createRoute({
  getParentRoute: () => root,
  path: '/usage',
  validateSearch: usageSearch,
  component: parts.usage,
});
export interface MembersSearch {
  tab?: 'tokens';
}
export const members = createRoute({
  getParentRoute: () => root,
  path: '/members',
  validateSearch: (search: Record<string, unknown>): MembersSearch => ({
    tab: search.tab === 'tokens' ? 'tokens' : undefined,
  }),
  component: parts.members,
});
export const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: parts.settings,
});

export const section = createRoute({
  getParentRoute: () => root,
  path: '/settings/$section',
  component: parts.settings,
});
/** The shell answers here, whoever comes. */
export const arrival = createRoute({ getParentRoute: () => root, path: '/sign-in' });

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    playground,
    models,
    providers,
    keys,
    usage,
    members,
    settings,
    section,
    arrival,
  ]),
  basepath: base.pathname,
  defaultPreload: 'intent',
  defaultPendingComponent: Loading,
  defaultErrorComponent: Failed,
  scrollRestoration: true,
});

fetchAhead(Object.values(parts));

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
