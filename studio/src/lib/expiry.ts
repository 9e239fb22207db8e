/** When a key or a token ends: a few usual spans, or the end of a day. */
const DAY = 86_400_000;
export const SOON_DAYS = 7;

export const SPANS = { never: 0, week: 7, month: 30, quarter: 90, year: 365 } as const;
export type Span = keyof typeof SPANS | 'date';

/** `date`: as a date field has it, in the reader's own time. */
export function endOf(span: Span, date: string, now = new Date()): string | null {
  if (span === 'date') {
    const end = new Date(`${date}T23:59:59`);
    return Number.isNaN(end.getTime()) ? null : end.toISOString();
  }
  const days = SPANS[span];
  return days === 0 ? null : new Date(now.getTime() + days * DAY).toISOString();
}

/** As a date field has it. */
export function dayOf(at: string | Date): string {
  const day = new Date(at);
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

export function isSoon(end: string | null, now = new Date()): boolean {
  if (end === null) return false;
  const left = new Date(end).getTime() - now.getTime();
  return left > 0 && left < SOON_DAYS * DAY;
}
