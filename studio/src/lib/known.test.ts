import { describe, expect, it } from 'vitest';
import type { SyncShape } from '../api/schema';
import { isBusy, knowledgeSearch, leftOf, nameOf, placeOf, settingsOf, shareDone, spanOf } from './known';

const sync = (part: Partial<SyncShape>): SyncShape => ({
  state: 'done',
  at: null,
  ok_at: null,
  found: 0,
  ready: 0,
  waiting: 0,
  skipped: 0,
  failed: 0,
  rate: null,
  seconds_left: null,
  error: null,
  ...part,
});

it('understands an address as far as it can', () => {
  expect(knowledgeSearch({ tab: 'trace', state: 'odd', source: 's' })).toEqual({
    tab: 'trace',
    source: 's',
    state: undefined,
    doc: undefined,
    receipt: undefined,
  });
});

describe('how far a sync is', () => {
  it('is told while something is under way', () => {
    expect(shareDone(sync({ state: 'running', found: 10, ready: 3, skipped: 1, failed: 1 }))).toBe(0.5);
    expect(shareDone(sync({ state: 'done', found: 10, ready: 8, waiting: 2 }))).toBe(0.8);
    expect(shareDone(sync({ state: 'done', found: 10, ready: 10 }))).toBeNull();
    expect(shareDone(sync({ state: 'running' }))).toBeNull();
  });
  it('keeps a page looking', () => {
    const source = { content: sync({}), rights: sync({}), removing: false } as Parameters<typeof isBusy>[0];
    expect(isBusy(source)).toBe(false);
    expect(isBusy({ ...source, rights: sync({ state: 'running' }) })).toBe(true);
    expect(isBusy({ ...source, content: sync({ waiting: 1 }) })).toBe(true);
  });
});

describe('times', () => {
  it('are said in the largest unit that fits', () => {
    expect(spanOf(7200)).toEqual({ count: 2, unit: 'hour' });
    expect(spanOf(604_800)).toEqual({ count: 7, unit: 'day' });
    expect(spanOf(90)).toEqual({ count: 90, unit: 'second' });
  });
  it('that are left are rounded', () => {
    expect(leftOf(4).unit).toBe('moment');
    expect(leftOf(130)).toEqual({ count: 2, unit: 'minute' });
    expect(leftOf(9000)).toEqual({ count: 3, unit: 'hour' });
  });
});

describe('places', () => {
  it('of a source are its address or path', () => {
    expect(placeOf({ settings: { depth: 3, url: 'https://a.example' } })).toBe('https://a.example');
    expect(placeOf({ settings: { url: 'https://a.example/b.git', path: 'docs' } })).toBe(
      'https://a.example/b.git',
    );
    expect(placeOf({ settings: { bucket: 'papers', prefix: '2026' } })).toBe('papers/2026');
    expect(placeOf({ settings: {} })).toBe('');
  });
  it('of a document end in its name', () => {
    expect(nameOf('hr/2026/leave.pdf')).toEqual({ folder: 'hr/2026/', name: 'leave.pdf' });
    expect(nameOf('leave.pdf')).toEqual({ folder: '', name: 'leave.pdf' });
  });
});

describe('what was typed', () => {
  const none = { include: [], exclude: [] };
  it('becomes settings, what is empty left out', () => {
    expect(settingsOf('web', { url: ' https://a.example ', depth: '2', most: '' }, none)).toEqual({
      url: 'https://a.example',
      depth: 2,
    });
    expect(settingsOf('folder', { path: '/srv' }, { include: ['*.pdf'], exclude: [] })).toEqual({
      path: '/srv',
      include: ['*.pdf'],
    });
  });
  it('keeps what the form does not show', () => {
    expect(
      settingsOf('web', { url: 'https://b.example' }, none, { url: 'x', delay: 2, include: ['a'] }),
    ).toEqual({
      delay: 2,
      url: 'https://b.example',
    });
  });
});
