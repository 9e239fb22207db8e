/** Requests that came while a list is being read: they wait above it until the reader is at its top. Pure. */
export function arrived<T extends { id: string }>(
  items: readonly T[],
  held: string | undefined,
): { waiting: number; shown: readonly T[] } {
  const place = held === undefined ? 0 : items.findIndex((each) => each.id === held);
  return place > 0 ? { waiting: place, shown: items.slice(place) } : { waiting: 0, shown: items };
}
