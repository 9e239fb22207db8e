import { expect, it, vi } from 'vitest';
import { clocksAt } from './zone';

it('the zone is told where the browser knows one, and the offset always', () => {
  const moment = new Date(2026, 2, 29, 12);
  const offset_minutes = 0 - moment.getTimezoneOffset();
  expect(clocksAt(moment)).toEqual({
    offset_minutes,
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  });
  const known = vi.spyOn(Intl, 'DateTimeFormat').mockReturnValue({
    resolvedOptions: () => ({ timeZone: undefined }),
  } as unknown as Intl.DateTimeFormat);
  expect(clocksAt(moment)).toEqual({ offset_minutes });
  known.mockRestore();
});
