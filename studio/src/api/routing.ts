/** What the page about routes asks and tells the API. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { shares } from '../lib/route';
import { client, dataOf } from './client';
import { match } from './people';
import type { DryRun, ProjectEdit, ProjectShape, RouteInput, RouteShape } from './schema';

const named = (name: string): { path: { name: string } } => ({ path: { name } });

export const routing = {
  list: () => queryOptions({ queryKey: ['routes'], queryFn: () => dataOf(client.GET('/api/v1/routes')) }),
  projects: () =>
    queryOptions({ queryKey: ['projects'], queryFn: () => dataOf(client.GET('/api/v1/projects')) }),
  /** Who answered in the last 24 hours, by route. */
  shares: () =>
    queryOptions({
      queryKey: ['usage', 'routes'],
      queryFn: async () => {
        const since = new Date(Math.floor(Date.now() / 60_000) * 60_000 - 86_400_000).toISOString();
        const report = await dataOf(
          client.GET('/api/v1/usage', { params: { query: { by: ['route', 'offering'], since } } }),
        );
        return shares(report.rows);
      },
    }),
  dryRun: (body: DryRun) =>
    queryOptions({
      queryKey: ['dry-run', body],
      queryFn: () => dataOf(client.POST('/api/v1/routes/dry-run', { body })),
      placeholderData: keepPreviousData,
    }),
  show: (name: string) => dataOf(client.GET('/api/v1/routes/{name}', { params: named(name) })),
  add: (body: RouteInput) => dataOf(client.POST('/api/v1/routes', { body })),
  put: (route: RouteShape, body: RouteInput) =>
    dataOf(
      client.PUT('/api/v1/routes/{name}', {
        params: { ...named(route.name), header: match(route.revision) },
        body,
      }),
    ),
  remove: (route: RouteShape) =>
    dataOf(client.DELETE('/api/v1/routes/{name}', { params: named(route.name) })),
  showProject: (name: string) => dataOf(client.GET('/api/v1/projects/{name}', { params: named(name) })),
  putProject: (project: ProjectShape, body: ProjectEdit) =>
    dataOf(
      client.PUT('/api/v1/projects/{name}', {
        params: { ...named(project.name), header: match(project.revision) },
        body,
      }),
    ),
};
