import { describe, expect, it } from 'vitest';
import { placeOf } from './places';

describe('the place of an address', () => {
  it('is named by its first step', () => {
    expect(placeOf('/')?.to).toBe('/');
    expect(placeOf('/settings/platform')?.to).toBe('/settings');
    expect(placeOf('/members/')?.right).toBe('accounts.read');
  });
  it('is none for what is nowhere', () => expect(placeOf('/elsewhere')).toBeUndefined());
});
