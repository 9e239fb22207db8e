/** One alias: the name that programs ask for, and what it means. */
import { Autocomplete, Button, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { ask } from '../../api/queries';
import { useMay } from '../../api/rights';
import { useWords } from '../../i18n';
import { type Alias, flaw } from '../../lib/aliases';
import { Meanwhile } from '../../ui/Meanwhile';

export function AliasForm(props: {
  was: Alias | null;
  taken: readonly Alias[];
  error: unknown;
  busy: boolean;
  again: () => void;
  save: (alias: Alias) => void;
}): ReactNode {
  const { t } = useWords();
  const may = useMay();
  const [pattern, setPattern] = useState(props.was?.pattern ?? '');
  const [target, setTarget] = useState(props.was?.target ?? '');
  const known = useQuery({ ...ask.gatewayModels(), enabled: may('playground.use') });
  const alias = { pattern: pattern.trim(), target: target.trim() };
  const wrong = flaw(
    alias,
    props.taken.filter((each) => each.pattern !== props.was?.pattern),
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!wrong) props.save(alias);
      }}
    >
      <Stack gap="md">
        <Meanwhile error={props.error} again={props.again} />
        <TextInput
          label={t('names.pattern')}
          description={t('names.pattern.detail')}
          placeholder="gpt-4*"
          required
          maxLength={200}
          data-autofocus
          autoComplete="off"
          spellCheck={false}
          value={pattern}
          onChange={(event) => setPattern(event.currentTarget.value)}
          error={wrong === 'taken' && t('names.flaw.taken')}
        />
        <Autocomplete
          label={t('names.target')}
          description={t('names.target.detail')}
          required
          maxLength={200}
          spellCheck={false}
          data={known.data ?? []}
          limit={40}
          value={target}
          onChange={setTarget}
          comboboxProps={{ shadow: 'md' }}
        />
        {(wrong === 'space' || wrong === 'itself') && (
          <Text size="sm" c="var(--cp-bad)" role="alert">
            {t(`names.flaw.${wrong}`)}
          </Text>
        )}
        <Button type="submit" loading={props.busy} disabled={wrong !== null}>
          {t('members.save')}
        </Button>
      </Stack>
    </form>
  );
}
