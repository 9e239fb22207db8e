import { expect, it } from 'vitest';
import type { ConcernShape } from '../api/schema';
import { placeOf } from './concerns';

const concern = (code: ConcernShape['code'], page: string, subject = ''): ConcernShape => ({
  ...{ code, page, subject, severity: 'warning', text: '' },
});

it('each concern leads to where it can be seen to', () => {
  expect(placeOf(concern('provider_failing', 'usage', 'a,b'))).toEqual({
    to: '/usage',
    search: { span: 'day', host: 'a%2Cb', failed: 'yes' },
  });
  expect(placeOf(concern('model_retires', 'models', 'gpt'))).toEqual({
    to: '/models',
    search: { model: 'gpt' },
  });
  expect(placeOf(concern('engine_failed', 'models', 'small'))).toEqual({
    to: '/models',
    search: { tab: 'local' },
  });
  expect(placeOf(concern('provider_unusable', 'providers', 'x')).to).toBe('/providers');
  expect(placeOf(concern('keys_expire', 'keys')).to).toBe('/keys');
  expect(placeOf(concern('disk', 'settings')).to).toBe('/settings');
});
