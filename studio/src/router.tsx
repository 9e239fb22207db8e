/** Which page stands at which address; each is loaded when it is first gone to. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { base } from './api/client';
import { Shell } from './shell/Shell';
import { Failed, Loading, Nowhere } from './ui/states';

const root = createRootRoute({ component: Shell, notFoundComponent: Nowhere });
const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;

export const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/Home'), 'Home'),
});
export const playground = createRoute({
  getParentRoute: () => root,
  path: '/playground',
  validateSearch: (search: Record<string, unknown>): { model?: string } => ({ model: text(search.model) }),
  component: lazyRouteComponent(() => import('./pages/Playground'), 'Playground'),
});
export interface ModelsSearch {
  tab?: 'catalogue' | 'local';
  q?: string;
  maker?: string;
  host?: string;
  licence?: string;
  capability?: string;
  country?: string;
  open?: string;
  context?: string;
  price?: string;
  model?: string;
  compare?: string;
}
export const models = createRoute({
  getParentRoute: () => root,
  path: '/models',
  validateSearch: (search: Record<string, unknown>): ModelsSearch => ({
    tab: search.tab === 'local' ? 'local' : undefined,
    q: text(search.q),
    maker: text(search.maker),
    host: text(search.host),
    licence: text(search.licence),
    capability: text(search.capability),
    country: text(search.country),
    open: text(search.open),
    context: text(search.context),
    price: text(search.price),
    model: text(search.model),
    compare: text(search.compare),
  }),
  component: lazyRouteComponent(() => import('./pages/Models'), 'Models'),
});
export const providers = createRoute({
  getParentRoute: () => root,
  path: '/providers',
  component: lazyRouteComponent(() => import('./pages/Providers'), 'Providers'),
});
export const keys = createRoute({
  getParentRoute: () => root,
  path: '/keys',
  component: lazyRouteComponent(() => import('./pages/Keys'), 'Keys'),
});
export interface UsageSearch {
  span?: string;
  by?: 'model' | 'host' | 'maker' | 'key' | 'project';
  only?: string;
  failed?: string;
  entry?: string;
}
const BY = ['model', 'host', 'maker', 'key', 'project'] as const;
export const usage = createRoute({
  getParentRoute: () => root,
  path: '/usage',
  validateSearch: (search: Record<string, unknown>): UsageSearch => ({
    span: text(search.span),
    by: BY.find((each) => each === search.by),
    only: text(search.only),
    failed: text(search.failed),
    entry: text(search.entry),
  }),
  component: lazyRouteComponent(() => import('./pages/Usage'), 'Usage'),
});
export const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: lazyRouteComponent(() => import('./pages/Settings'), 'Settings'),
});

export const router = createRouter({
  routeTree: root.addChildren([home, playground, models, providers, keys, usage, settings]),
  basepath: base.pathname,
  defaultPreload: 'intent',
  defaultPendingComponent: Loading,
  defaultErrorComponent: Failed,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
