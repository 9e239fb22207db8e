/** Which page stands at which address; each is loaded when it is first gone to. */
import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { base } from './api/client';
import { loadMore } from './i18n';
import { usageSearch } from './lib/asked';
import { modelsSearch } from './lib/catalogue';
import { foundSearch } from './lib/found';
import { knowledgeSearch } from './lib/known';
import { providersSearch } from './lib/provider';
import { fetchAhead, part } from './shell/parts';
import { Shell } from './shell/Shell';
import { Failed, Loading, Nowhere } from './ui/states';

const root = createRootRoute({ component: Shell, notFoundComponent: Nowhere });
/** Of a page that brings its own. */
async function withSentences<T>(page: Promise<T>): Promise<T> {
  const [found] = await Promise.all([page, loadMore()]);
  return found;
}
const parts = {
  home: part(() => import('./pages/Home').then((page) => page.Home)),
  search: part(() => withSentences(import('./pages/Search').then((page) => page.Search))),
  knowledge: part(() => withSentences(import('./pages/Knowledge').then((page) => page.Knowledge))),
  playground: part(() => import('./pages/Playground').then((page) => page.Playground)),
  models: part(() => import('./pages/Models').then((page) => page.Models)),
  providers: part(() => import('./pages/Providers').then((page) => page.Providers)),
  routes: part(() => import('./pages/Routes').then((page) => page.Routes)),
  keys: part(() => import('./pages/Keys').then((page) => page.Keys)),
  budgets: part(() => import('./pages/Budgets').then((page) => page.Budgets)),
  traffic: part(() => import('./pages/Traffic').then((page) => page.Traffic)),
  health: part(() => import('./pages/Health').then((page) => page.Health)),
  usage: part(() => import('./pages/Usage').then((page) => page.Usage)),
  audit: part(() => import('./pages/Audit').then((page) => page.Audit)),
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
export const search = createRoute({
  getParentRoute: () => root,
  path: '/search',
  validateSearch: foundSearch,
  component: parts.search,
});
export const knowledge = createRoute({
  getParentRoute: () => root,
  path: '/knowledge',
  validateSearch: knowledgeSearch,
  component: parts.knowledge,
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
export interface RoutesSearch {
  tab?: 'projects';
}
export const routes = createRoute({
  getParentRoute: () => root,
  path: '/routes',
  validateSearch: (search: Record<string, unknown>): RoutesSearch => ({
    tab: search.tab === 'projects' ? 'projects' : undefined,
  }),
  component: parts.routes,
});
export const keys = createRoute({
  getParentRoute: () => root,
  path: '/keys',
  component: parts.keys,
});
export const budgets = createRoute({
  getParentRoute: () => root,
  path: '/budgets',
  component: parts.budgets,
});
export const traffic = createRoute({
  getParentRoute: () => root,
  path: '/traffic',
  validateSearch: usageSearch,
  component: parts.traffic,
});
export const health = createRoute({
  getParentRoute: () => root,
  path: '/health',
  validateSearch: (search: Record<string, unknown>): HealthSearch => ({
    span: text(search.span),
    offering: text(search.offering),
  }),
  component: parts.health,
});
export interface HealthSearch {
  span?: string;
  offering?: string;
}
export const usage = createRoute({
  getParentRoute: () => root,
  path: '/usage',
  validateSearch: usageSearch,
  component: parts.usage,
});
export const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  validateSearch: (search: Record<string, unknown>): { act?: number } => {
    const act = Number(search.act);
    return { act: Number.isSafeInteger(act) && act > 0 ? act : undefined };
  },
  component: parts.audit,
});
export interface MembersSearch {
  tab?: 'groups' | 'tokens';
}
export const members = createRoute({
  getParentRoute: () => root,
  path: '/members',
  validateSearch: (search: Record<string, unknown>): MembersSearch => ({
    tab: search.tab === 'tokens' || search.tab === 'groups' ? search.tab : undefined,
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
    search,
    knowledge,
    playground,
    models,
    providers,
    routes,
    keys,
    budgets,
    traffic,
    health,
    usage,
    audit,
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
