/** Names of models, aliases and routes, chosen from those that there are or written. */
import { Autocomplete, TagsInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ask } from '../../api/queries';
import { useMay } from '../../api/rights';
import { routing } from '../../api/routing';

/** What may be called here: routes first. */
function useNames(): string[] {
  const may = useMay();
  const models = useQuery({ ...ask.gatewayModels(), enabled: may('playground.use') });
  const routes = useQuery(routing.list());
  return [...new Set([...(routes.data?.items.map((route) => route.name) ?? []), ...(models.data ?? [])])];
}

export function Names(props: {
  label: string;
  detail?: string;
  value: string[];
  closed: boolean;
  change: (names: string[]) => void;
}): ReactNode {
  return (
    <TagsInput
      label={props.label}
      description={props.detail}
      data={useNames()}
      limit={40}
      disabled={props.closed}
      splitChars={[',', ' ']}
      acceptValueOnBlur
      value={props.value}
      onChange={props.change}
      comboboxProps={{ shadow: 'md' }}
    />
  );
}

export function Name(props: {
  label: string;
  value: string;
  placeholder?: string;
  change: (name: string) => void;
}): ReactNode {
  return (
    <Autocomplete
      aria-label={props.label}
      placeholder={props.placeholder}
      data={useNames()}
      limit={40}
      maxLength={200}
      spellCheck={false}
      value={props.value}
      onChange={props.change}
      comboboxProps={{ shadow: 'md' }}
    />
  );
}
