/** What an offering must satisfy: of a route, or of all that a project sends. What is not known fails. */
import { Checkbox, MultiSelect, NumberInput, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ask } from '../../api/queries';
import { useMay } from '../../api/rights';
import { useWords } from '../../i18n';
import { NEEDS, type Conditions as Of } from '../../lib/route';
import { Places } from '../../ui/Places';

const LICENCES = ['Apache-2.0', 'MIT', 'BSD-*', 'CC-BY-4.0', 'LicenseRef-Llama-*', 'LicenseRef-Gemma'];
const MAKERS = [
  'mistral',
  'openai',
  'anthropic',
  'google',
  'meta',
  'alibaba',
  'deepseek',
  'cohere',
  'microsoft',
  'xai',
];

export function Conditions(props: {
  of: Of;
  closed: boolean;
  change: (part: Partial<Of>) => void;
}): ReactNode {
  const { t, f } = useWords();
  const may = useMay();
  const { of, change } = props;
  const providers = useQuery({ ...ask.providers(), enabled: may('providers.read') });
  const hosts = ['local', ...(providers.data?.items.map((provider) => provider.name) ?? [])];
  const tags = (
    name: 'licences' | 'makers' | 'not_makers' | 'hosts' | 'not_hosts',
    data: string[],
  ): ReactNode => (
    <TagsInput
      label={t(`routes.if.${name}`)}
      data={data}
      disabled={props.closed}
      splitChars={[',', ' ']}
      acceptValueOnBlur
      value={of[name]}
      onChange={(value) => change({ [name]: value })}
      comboboxProps={{ shadow: 'md' }}
    />
  );
  const places = (name: 'residency' | 'jurisdictions'): ReactNode => (
    <Places
      label={t(`routes.if.${name}`)}
      description={t(`routes.if.${name}.detail`)}
      disabled={props.closed}
      value={of[name]}
      change={(value) => change({ [name]: value })}
    />
  );
  const price = (name: 'max_input_price' | 'max_output_price'): ReactNode => (
    <TextInput
      label={t(`routes.if.${name}`)}
      description={t('routes.if.price.detail')}
      inputMode="decimal"
      placeholder="2.50"
      value={of[name] ?? ''}
      onChange={(event) => change({ [name]: event.currentTarget.value.trim() || null })}
    />
  );
  return (
    <Stack gap="sm">
      <Text size="xs" c="dimmed">
        {t('routes.conditions.detail')}
      </Text>
      <div className="routepair">
        {places('residency')}
        {places('jurisdictions')}
        {price('max_input_price')}
        {price('max_output_price')}
        <MultiSelect
          label={t('routes.if.capabilities')}
          disabled={props.closed}
          data={[...NEEDS, 'reasoning', 'web_search', 'caching'].map((value) => ({ value, label: value }))}
          value={of.capabilities}
          onChange={(capabilities) => change({ capabilities })}
          comboboxProps={{ shadow: 'md' }}
        />
        <NumberInput
          label={t('routes.if.context')}
          min={1}
          allowDecimal={false}
          thousandSeparator={f.group}
          value={of.context ?? ''}
          onChange={(value) => change({ context: typeof value === 'number' ? value : null })}
        />
        {tags('hosts', hosts)}
        {tags('not_hosts', hosts)}
        {tags('makers', MAKERS)}
        {tags('not_makers', MAKERS)}
        {tags('licences', LICENCES)}
        <TextInput
          label={t('routes.if.losses')}
          placeholder="refuse; severity=meaning"
          spellCheck={false}
          value={of.losses ?? ''}
          onChange={(event) => change({ losses: event.currentTarget.value || null })}
        />
      </div>
      <Checkbox
        label={t('routes.if.open_weights')}
        checked={of.open_weights}
        onChange={(event) => change({ open_weights: event.currentTarget.checked })}
      />
    </Stack>
  );
}
