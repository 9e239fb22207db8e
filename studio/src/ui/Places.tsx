/** Countries by their codes (ISO 3166), and groups of them. */
import { TagsInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useWords } from '../i18n';
import { countryName } from '../lib/models';

const GROUPS = ['EU', 'EEA'];
const COUNTRIES = [
  'FR',
  'DE',
  'NL',
  'BE',
  'IE',
  'SE',
  'FI',
  'ES',
  'IT',
  'PL',
  'CH',
  'GB',
  'US',
  'CA',
  'JP',
  'AU',
  'IN',
];

export function Places(props: {
  label: string;
  description: string;
  value: string[];
  change: (value: string[]) => void;
  /** Only one country, and no group. */
  one?: boolean;
  disabled?: boolean;
}): ReactNode {
  const { language } = useWords();
  return (
    <TagsInput
      label={props.label}
      description={props.description}
      data={props.one ? COUNTRIES : [...GROUPS, ...COUNTRIES]}
      disabled={props.disabled}
      renderOption={({ option }) =>
        GROUPS.includes(option.value)
          ? option.value
          : `${option.value} · ${countryName(option.value, language)}`
      }
      splitChars={[',', ' ']}
      acceptValueOnBlur
      value={props.value}
      onChange={(value) => {
        const codes = value.map((each) => each.toUpperCase());
        props.change(props.one ? codes.slice(-1) : codes);
      }}
      maxDropdownHeight={220}
      comboboxProps={{ shadow: 'md', position: 'top' }}
    />
  );
}
