/** What the parts of the playground know of models, and of their reader. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { ask } from '../../api/queries';
import type { AskableShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { wakingSeconds } from '../../lib/costs';
import { playground } from './asking';

export interface Known {
  gateway: string;
  hosts: readonly string[];
  models: readonly AskableShape[];
  of: (name: string) => AskableShape | undefined;
  /** Seconds until an answer begins, for a model that sleeps on this machine. */
  sleeps: (name: string) => number | null;
  may: (right: string) => boolean;
}

const WOKE = 'counterpoint.woke.';

/** How long it took, for the next time. */
export const woke = (name: string, ms: number): void => {
  try {
    localStorage.setItem(WOKE + name, String(ms / 1000));
  } catch {
    // only an estimate is lost
  }
};
const wokeIn = (name: string): number | null => {
  const found = localStorage.getItem(WOKE + name);
  return found === null ? null : Number(found) || null;
};

export function useKnown(): { known: Known | undefined; error: unknown; again: () => void } {
  const all = useQuery(playground());
  const local = useQuery(ask.localModels());
  const me = useQuery(ask.me());
  const known = useMemo((): Known | undefined => {
    if (!all.data) return undefined;
    const models = new Map(all.data.models.map((model) => [model.name, model]));
    const engines = new Map(local.data?.items.map((each) => [`local/${each.name}`, each]));
    return {
      gateway: all.data.gateway,
      hosts: all.data.hosts,
      models: all.data.models,
      // A bare name means whoever serves it; the first that does is as good a guess as any.
      of: (name) => models.get(name) ?? all.data.models.find((model) => model.model === name),
      sleeps: (name) => {
        const engine = engines.get(name);
        return engine && engine.state !== 'ready' ? wakingSeconds(engine.size, wokeIn(name)) : null;
      },
      may: (right) => me.data?.rights.includes(right) ?? false,
    };
  }, [all.data, local.data, me.data]);
  return { known, error: all.error, again: () => void all.refetch() };
}

/** What a model costs and how much it reads, in one line. */
export function usePriceLine(): (model: AskableShape | undefined, known: boolean) => string {
  const { t, f } = useWords();
  return (model, known) => {
    if (!model) return known ? t('play.unlisted') : '';
    const { input_price, output_price, currency, context } = model;
    const price = model.local
      ? t('play.here')
      : input_price === null || output_price === null
        ? t('play.price.unknown')
        : t('play.price', {
            input: f.money(input_price, currency ?? 'USD'),
            output: f.money(output_price, currency ?? 'USD'),
          });
    return context === null ? price : `${t('play.context', { size: f.compact(context) })} · ${price}`;
  };
}
