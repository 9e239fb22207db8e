import { describe, expect, it } from 'vitest';
import { colorOf, initials } from './person';

describe('a person in two letters', () => {
  it('takes the first and the last name', () => {
    expect(initials('Ada Lovelace')).toBe('AL');
    expect(initials('Jean-Baptiste de la Salle')).toBe('JS');
    expect(initials('élodie')).toBe('É');
    expect(initials('ada@example.com')).toBe('AC');
  });
  it('finds something in every name', () => {
    expect(initials('李 小龍')).toBe('李小');
    expect(initials('  ')).toBe('?');
    expect(initials('((()))')).toBe('?');
  });
  it('has a colour of its own that does not change', () =>
    expect(colorOf('ada@example.com')).toBe(colorOf('ada@example.com')));
});
