import { describe, expect, it } from 'vitest';
import type { ChangeShape } from '../api/schema';
import { exportPath, linesOf, verbOf } from './audit';

const change = (before: ChangeShape['before'], after: ChangeShape['after']): ChangeShape => ({
  what: 'key',
  id: '1',
  name: 'ci',
  before,
  after,
});

describe('an act', () => {
  it('made, changed or removed something', () => {
    expect(verbOf(change(null, {}))).toBe('made');
    expect(verbOf(change({}, {}))).toBe('changed');
    expect(verbOf(change({}, null))).toBe('removed');
  });
  it('shows each field that it touched', () => {
    expect(linesOf(change({ name: 'a', models: [] }, { name: 'b', models: ['x'] }))).toEqual([
      { field: 'models', before: '[]', after: '["x"]' },
      { field: 'name', before: 'a', after: 'b' },
    ]);
    expect(
      linesOf(change(null, { created_at: 1_700_000_000_000_000, expires_at: null, revision: 1 })),
    ).toEqual([
      { field: 'created_at', before: null, after: '2023-11-14T22:13:20.000Z' },
      { field: 'expires_at', before: null, after: null },
      { field: 'revision', before: null, after: '1' },
    ]);
  });
});

it('a file has what is shown', () => {
  expect(exportPath({})).toBe('api/v1/audit/export');
  expect(exportPath({ actor: 'token', words: undefined })).toBe('api/v1/audit/export?actor=token');
});
