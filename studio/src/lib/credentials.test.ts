import { describe, expect, it } from 'vitest';
import { composed, type Form, formOf } from './credentials';

const field = (name: string, more: object = {}) => ({
  name,
  required: true,
  hidden: false,
  whole: false,
  ...more,
});
const plain: Form = { kind: 'header', fields: [field('secret', { hidden: true, whole: true })] };
const aws: Form = {
  kind: 'aws',
  fields: [
    field('access_key_id'),
    field('secret_access_key', { hidden: true }),
    field('role_arn', { required: false }),
  ],
};
const machine: Form = { kind: 'machine', fields: [field('role_arn', { required: false })] };

describe('a form of credentials', () => {
  it('is a text as it stands, or the fields that were filled in', () => {
    expect(composed(plain, { secret: ' sk-1 ' })).toBe('sk-1');
    expect(
      JSON.parse(composed(aws, { access_key_id: 'AKIA', secret_access_key: 's', role_arn: '' })),
    ).toEqual({
      access_key_id: 'AKIA',
      secret_access_key: 's',
    });
    expect(JSON.parse(composed(machine, { role_arn: 'arn' }))).toEqual({ type: 'machine', role_arn: 'arn' });
    expect(JSON.parse(composed(machine, {}))).toEqual({ type: 'machine' });
  });
  it('is nothing while something is missing', () => {
    expect(composed(plain, {})).toBe('');
    expect(composed(aws, { access_key_id: 'AKIA' })).toBe('');
  });
  it('is the one that was chosen, else the first', () => {
    expect(formOf([plain, aws], 'aws')).toBe(aws);
    expect(formOf([aws, plain], 'none')).toBe(aws);
    expect(formOf([], '').fields[0]?.whole).toBe(true);
  });
});
