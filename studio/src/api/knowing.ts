/** What the pages about knowledge ask and tell the API. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { Filters } from '../lib/found';
import { type DocumentState, isBusy } from '../lib/known';
import { ApiError, at, client, dataOf } from './client';
import { match } from './people';
import type {
  DocumentShape,
  PeopleGroupShape,
  Problem,
  SearchInput,
  SearchShape,
  SourceEdit,
  SourceInput,
  SourceShape,
} from './schema';

const LOOK_MS = 1_500;
const REST_MS = 30_000;
const of = (source: { id: string }): { path: { source_id: string } } => ({ path: { source_id: source.id } });
const which = (id: string): { path: { document_id: string } } => ({ path: { document_id: id } });
const group = (one: { id: string }): { path: { group_id: string } } => ({ path: { group_id: one.id } });
export const RESULTS = 10;
export const MOST_RESULTS = 50;
const wanted = (question: string, filters: Filters, limit = RESULTS): SearchInput => ({
  question,
  sources: [],
  documents: [],
  languages: [],
  media_types: [],
  limit,
  ...filters,
});
const underWay = (each: DocumentShape): boolean => each.state === 'waiting' || each.state === 'reading';

export const knowing = {
  sources: () =>
    queryOptions({
      queryKey: ['sources'],
      queryFn: () => dataOf(client.GET('/api/v1/sources')),
      refetchInterval: ({ state }) => (state.data?.items.some(isBusy) ? LOOK_MS : REST_MS),
    }),
  kinds: () =>
    queryOptions({
      queryKey: ['source-kinds'],
      queryFn: () => dataOf(client.GET('/api/v1/sources/kinds')),
      staleTime: Number.POSITIVE_INFINITY,
    }),
  documents: (source: string, state: DocumentState | undefined, q: string) =>
    infiniteQueryOptions({
      queryKey: ['documents', source, state, q],
      queryFn: ({ pageParam }) =>
        dataOf(
          client.GET('/api/v1/sources/{source_id}/documents', {
            params: {
              ...of({ id: source }),
              query: {
                limit: 50,
                ...(state ? { state } : {}),
                ...(q ? { q } : {}),
                ...(pageParam ? { cursor: pageParam } : {}),
              },
            },
          }),
        ),
      initialPageParam: '',
      getNextPageParam: (page) => page.next,
      placeholderData: keepPreviousData,
      refetchInterval: ({ state: { data } }) =>
        data?.pages.length === 1 && data.pages[0]?.items.some(underWay) ? LOOK_MS : REST_MS,
    }),
  document: (id: string) =>
    queryOptions({
      queryKey: ['document', id],
      queryFn: () => dataOf(client.GET('/api/v1/documents/{document_id}', { params: which(id) })),
      refetchInterval: ({ state: { data } }) => (data && underWay(data) ? LOOK_MS : false),
    }),
  passages: (id: string) =>
    infiniteQueryOptions({
      queryKey: ['passages', id],
      queryFn: ({ pageParam }) =>
        dataOf(
          client.GET('/api/v1/documents/{document_id}/passages', {
            params: { ...which(id), query: { limit: 100, ...(pageParam ? { cursor: pageParam } : {}) } },
          }),
        ),
      initialPageParam: '',
      getNextPageParam: (page) => page.next,
    }),
  readers: (id: string) =>
    queryOptions({
      queryKey: ['readers', id],
      queryFn: () => dataOf(client.GET('/api/v1/documents/{document_id}/readers', { params: which(id) })),
    }),
  why: (id: string, account: string) =>
    queryOptions({
      queryKey: ['why', id, account],
      queryFn: () =>
        dataOf(
          client.GET('/api/v1/documents/{document_id}/why', { params: { ...which(id), query: { account } } }),
        ),
    }),
  filters: () =>
    queryOptions({
      queryKey: ['search-filters'],
      queryFn: () => dataOf(client.GET('/api/v1/search/filters')),
    }),
  search: (question: string, filters: Filters, limit = RESULTS) =>
    queryOptions({
      queryKey: ['search', question, filters, limit],
      queryFn: () => dataOf(client.POST('/api/v1/search', { body: wanted(question, filters, limit) })),
      // While more of the same are looked for, the first ones stay.
      placeholderData: (before: SearchShape | undefined, query) =>
        query?.queryKey[1] === question && query.queryKey[2] === filters ? before : undefined,
      staleTime: 60_000,
      // A revoked right holds in the next question: nothing of an earlier one is shown again.
      gcTime: 0,
      refetchOnWindowFocus: false,
      retry: false,
    }),
  /** Makes a receipt each time: asked once for each question. */
  answer: (question: string, filters: Filters) =>
    queryOptions({
      queryKey: ['answer', question, filters],
      queryFn: () => dataOf(client.POST('/api/v1/answers', { body: wanted(question, filters) })),
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 0,
      refetchOnWindowFocus: false,
      retry: false,
    }),
  receipts: () =>
    infiniteQueryOptions({
      queryKey: ['receipts'],
      queryFn: ({ pageParam }) =>
        dataOf(
          client.GET('/api/v1/receipts', {
            params: { query: { limit: 50, ...(pageParam ? { cursor: pageParam } : {}) } },
          }),
        ),
      initialPageParam: '',
      getNextPageParam: (page) => page.next,
    }),
  receipt: (id: string) =>
    queryOptions({
      queryKey: ['receipt', id],
      queryFn: () =>
        dataOf(client.GET('/api/v1/receipts/{receipt_id}', { params: { path: { receipt_id: id } } })),
    }),
  withheld: (id: string) =>
    queryOptions({
      queryKey: ['withheld', id],
      queryFn: () =>
        dataOf(
          client.GET('/api/v1/receipts/{receipt_id}/withheld', { params: { path: { receipt_id: id } } }),
        ),
    }),
  groups: () => queryOptions({ queryKey: ['groups'], queryFn: () => dataOf(client.GET('/api/v1/groups')) }),
};

export const teach = {
  trace: (question: string) => dataOf(client.POST('/api/v1/search/trace', { body: wanted(question, {}) })),
  source: (id: string) => dataOf(client.GET('/api/v1/sources/{source_id}', { params: of({ id }) })),
  add: (body: SourceInput) => dataOf(client.POST('/api/v1/sources', { body })),
  edit: (source: SourceShape, body: SourceEdit) =>
    dataOf(
      client.PATCH('/api/v1/sources/{source_id}', {
        params: { ...of(source), header: match(source.revision) },
        body,
      }),
    ),
  remove: (source: SourceShape) =>
    dataOf(client.DELETE('/api/v1/sources/{source_id}', { params: of(source) })),
  removeFile: (file: DocumentShape) =>
    dataOf(client.DELETE('/api/v1/documents/{document_id}', { params: { path: { document_id: file.id } } })),
  sync: (source: SourceShape, what: 'content' | 'rights') =>
    dataOf(client.POST('/api/v1/sources/{source_id}/sync', { params: of(source), body: { what } })),
  group: (id: string) => dataOf(client.GET('/api/v1/groups/{group_id}', { params: group({ id }) })),
  addGroup: (name: string) => dataOf(client.POST('/api/v1/groups', { body: { name } })),
  renameGroup: (one: PeopleGroupShape, name: string) =>
    dataOf(
      client.PATCH('/api/v1/groups/{group_id}', {
        params: { ...group(one), header: match(one.revision) },
        body: { name },
      }),
    ),
  members: (one: PeopleGroupShape, accounts: string[]) =>
    dataOf(
      client.PUT('/api/v1/groups/{group_id}/members', {
        params: { ...group(one), header: match(one.revision) },
        body: { accounts },
      }),
    ),
  removeGroup: (one: PeopleGroupShape) =>
    dataOf(client.DELETE('/api/v1/groups/{group_id}', { params: group(one) })),
};

/** The picture of a page, for whoever may read it. */
export const pictureOf = (document: string, page: number): string =>
  at(`api/v1/documents/${document}/pages/${page}?width=1400`);
export const contentOf = (document: string): string => at(`api/v1/documents/${document}/content`);

/** A file on its way; `fetch` could not tell how far it is. */
export function upload(
  source: string,
  file: File,
  name: string,
  far: (share: number) => void,
  signal: AbortSignal,
): Promise<DocumentShape> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', at(`api/v1/sources/${source}/files?name=${encodeURIComponent(name)}`));
    request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
    request.setRequestHeader('Accept-Language', document.documentElement.lang);
    request.upload.onprogress = ({ loaded, total }) => far(total > 0 ? loaded / total : 0);
    request.onerror = () => reject(new ApiError(0, {}));
    request.onabort = () => reject(new DOMException(name, 'AbortError'));
    request.onload = () => {
      const { status, responseText } = request;
      if (status >= 200 && status < 300) resolve(JSON.parse(responseText) as DocumentShape);
      else reject(new ApiError(status, problemOf(responseText)));
    };
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}

function problemOf(text: string): Partial<Problem> {
  try {
    return JSON.parse(text) as Partial<Problem>;
  } catch {
    return { detail: text.slice(0, 500) };
  }
}
