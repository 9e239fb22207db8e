/** Where the reader is, as the API is told it. */

export interface Clocks {
  /** Minutes by which his clocks are ahead of UTC at a moment; what counts where the zone is not known. */
  offset_minutes: number;
  zone?: string;
}

export function clocksAt(moment: Date): Clocks {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone as string | undefined;
  return { offset_minutes: 0 - moment.getTimezoneOffset(), ...(zone ? { zone } : {}) };
}
