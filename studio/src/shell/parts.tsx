/** Pages as parts of their own: loaded when first gone to, fetched ahead when nothing else is to be done. */
import { type ComponentType, createElement, type ReactNode, use } from 'react';
import { ApiError } from '../api/client';

type Load = () => Promise<ComponentType>;
interface Part {
  (): ReactNode;
  preload: () => Promise<void>;
}

/** A part could not be had. Browsers remember that for as long as the page lives: only another page gets it. */
export class MissingPart extends ApiError {
  constructor() {
    super(0, {});
  }
}

export function part(load: Load): Part {
  let found: ComponentType | undefined;
  let loading: Promise<void> | undefined;
  const preload = (): Promise<void> => {
    loading ??= load().then(
      (component) => {
        found = component;
      },
      () => {
        throw new MissingPart();
      },
    );
    return loading;
  };
  const Part = (): ReactNode => {
    if (!found) use(preload());
    return found ? createElement(found) : null;
  };
  return Object.assign(Part, { preload: () => preload().catch(() => undefined) });
}

/** Every page is at hand soon after the first: then none can be missing when the platform is away or upgraded. */
export function fetchAhead(parts: readonly Part[]): void {
  const connection = (navigator as { connection?: { saveData?: boolean } }).connection;
  if (connection?.saveData) return;
  const next = (left: readonly Part[]): void => {
    const [first, ...rest] = left;
    if (first) void first.preload().then(() => setTimeout(() => next(rest), 100));
  };
  setTimeout(() => next(parts), 1_500);
}
