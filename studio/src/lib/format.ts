/** Numbers, money, sizes and times as the reader writes them, in the reader's own time zone. */
export type Language = 'en' | 'fr';

export interface Format {
  /** What stands between thousands in a field; never a point, which begins decimals there. */
  group: string;
  number(value: number): string;
  compact(value: number): string;
  percent(share: number): string;
  money(amount: string | number, currency: string): string;
  perMillion(amount: string | null, currency: string | null): string | null;
  bytes(size: number): string;
  ms(value: number): string;
  seconds(value: number): string;
  time(at: string | Date): string;
  dateTime(at: string | Date): string;
  date(at: string | Date): string;
  /** `Sun 22 Nov`: without the year, for what is near. */
  day(at: string | Date): string;
  /** `22 Nov`. */
  shortDay(at: string | Date): string;
  /** `22 Nov, 14:03:07`. */
  stamp(at: string | Date): string;
  /** `14:00`. */
  hour(at: string | Date): string;
  ago(at: string | Date, now?: Date): string;
  /** `34 min ago`, for where there is little room. */
  briefly(at: string | Date, now?: Date): string;
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

const isDay = (at: string | Date): boolean => typeof at === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(at);

function locale(language: Language): string {
  const wanted = typeof navigator === 'undefined' ? [] : navigator.languages;
  return wanted.find((each) => each.toLowerCase().startsWith(language)) ?? language;
}

export function formats(language: Language, of = locale(language), timeZone?: string): Format {
  const number = new Intl.NumberFormat(of);
  const compact = new Intl.NumberFormat(of, { notation: 'compact', maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(of, { style: 'percent', maximumFractionDigits: 1 });
  const short = new Intl.NumberFormat(of, { maximumFractionDigits: 1 });
  const dateTime = new Intl.DateTimeFormat(of, { dateStyle: 'medium', timeStyle: 'short', timeZone });
  const date = new Intl.DateTimeFormat(of, { dateStyle: 'medium', timeZone });
  const calendarDay = new Intl.DateTimeFormat(of, { dateStyle: 'medium', timeZone: 'UTC' });
  const day = new Intl.DateTimeFormat(of, { weekday: 'short', day: 'numeric', month: 'short', timeZone });
  const shortDay = new Intl.DateTimeFormat(of, { day: 'numeric', month: 'short', timeZone });
  const hour = new Intl.DateTimeFormat(of, { hour: 'numeric', minute: '2-digit', timeZone });
  const stamp = new Intl.DateTimeFormat(of, {
    day: 'numeric',
    month: 'short',
    hour: 'numeric',
    minute: '2-digit',
    second: '2-digit',
    timeZone,
  });
  const time = new Intl.DateTimeFormat(of, { timeStyle: 'medium', timeZone });
  const relative = new Intl.RelativeTimeFormat(of, { numeric: 'auto' });
  const brief = new Intl.RelativeTimeFormat(of, { style: 'short' });
  const ago = (by: Intl.RelativeTimeFormat, at: string | Date, now: Date): string => {
    const gone = (new Date(at).getTime() - now.getTime()) / 1000;
    for (const [unit, length] of UNITS) {
      if (Math.abs(gone) >= length) return by.format(Math.round(gone / length), unit);
    }
    return by.format(Math.round(gone), 'second');
  };
  const money = (amount: string | number, currency: string): string => {
    const size = Math.abs(Number(amount));
    // Small sums keep two digits that mean something: a token's price is a millionth of a cent.
    const digits = size === 0 || size >= 1 ? 2 : Math.min(10, Math.max(2, 1 - Math.floor(Math.log10(size))));
    const style = {
      style: 'currency',
      currencyDisplay: 'narrowSymbol',
      currency,
      minimumFractionDigits: 2,
      maximumFractionDigits: digits,
    } as const;
    // Decimal text goes in as it is: no rounding through a binary fraction.
    return new Intl.NumberFormat(of, style).format(amount as number);
  };
  const ms = (value: number): string =>
    value < 1000 ? `${number.format(Math.round(value))} ms` : `${short.format(value / 1000)} s`;
  const group = number.formatToParts(1e6).find((part) => part.type === 'group')?.value ?? ' ';
  return {
    group: group === '.' ? ' ' : group,
    number: (value) => number.format(value),
    compact: (value) => (Math.abs(value) < 10_000 ? number.format(value) : compact.format(value)),
    percent: (share) => percent.format(share),
    money,
    perMillion: (amount, currency) => (amount === null ? null : money(amount, currency ?? 'USD')),
    bytes: (size) => {
      const units = language === 'fr' ? ['o', 'ko', 'Mo', 'Go', 'To'] : ['B', 'kB', 'MB', 'GB', 'TB'];
      const step = size < 1 ? 0 : Math.min(4, Math.floor(Math.log10(size) / 3));
      return `${short.format(size / 1000 ** step)} ${units[step]}`;
    },
    ms,
    seconds: (value) =>
      value < 90 ? `${Math.max(1, Math.round(value))} s` : `${Math.round(value / 60)} min`,
    time: (at) => time.format(new Date(at)),
    dateTime: (at) => dateTime.format(new Date(at)),
    // A day without an hour is that day everywhere; as a moment it would be midnight in Greenwich.
    date: (at) => (isDay(at) ? calendarDay : date).format(new Date(at)),
    day: (at) => day.format(new Date(at)),
    shortDay: (at) => shortDay.format(new Date(at)),
    stamp: (at) => stamp.format(new Date(at)),
    hour: (at) => hour.format(new Date(at)),
    ago: (at, now = new Date()) => ago(relative, at, now),
    briefly: (at, now = new Date()) => ago(brief, at, now),
  };
}
