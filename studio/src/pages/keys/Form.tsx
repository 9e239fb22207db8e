/** A new key, or what is to become of one that there is. */
import { Button, Group, Select, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { keyring } from '../../api/keyring';
import { renew } from '../../api/people';
import { ask } from '../../api/queries';
import { useMay } from '../../api/rights';
import type { KeyShape, NewKeyShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { dayOf, endOf } from '../../lib/expiry';
import { allowed, choices } from '../../lib/keys';
import { type End, Expiry } from '../../ui/Expiry';
import { Meanwhile } from '../../ui/Meanwhile';

const endAs = (key: KeyShape | undefined): End =>
  key?.expires_at ? { span: 'date', date: dayOf(key.expires_at) } : { span: 'never', date: '' };

export function Form(props: {
  was?: KeyShape;
  close: () => void;
  made?: (key: NewKeyShape) => void;
}): ReactNode {
  const { t } = useWords();
  const [was, setWas] = useState(props.was);
  const [name, setName] = useState(was?.name ?? '');
  const [project, setProject] = useState(was?.project ?? 'default');
  const projects = useQuery({ ...keyring.projects(), enabled: !was });
  const [models, setModels] = useState<string[]>(was?.models ?? []);
  const [end, setEnd] = useState(endAs(was));
  const save = useMutation({
    mutationFn: async (): Promise<NewKeyShape | null> => {
      const expires_at = endOf(end.span, end.date);
      if (!was)
        return await keyring.create({
          name: name.trim(),
          project,
          models,
          expires_at,
          pair: false,
          user: '',
        });
      const before = endAs(was);
      const kept = before.span === end.span && before.date === end.date;
      await keyring.edit(was, { name: name.trim(), models, ...(kept ? {} : { expires_at }) });
      return null;
    },
    onSuccess: async (key) => {
      await renew('keys');
      if (key) props.made?.(key);
      else props.close();
    },
  });
  const again = useMutation({
    mutationFn: () => keyring.show(was?.id ?? ''),
    onSuccess: (found) => {
      setWas(found);
      setName(found.name);
      setModels(found.models);
      setEnd(endAs(found));
      save.reset();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack gap="md">
        <Meanwhile error={again.error ?? save.error} again={() => again.mutate()} />
        <TextInput
          label={t('keys.name')}
          description={t('keys.name.detail')}
          required
          maxLength={100}
          data-autofocus
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {!was && (projects.data?.length ?? 0) > 1 && (
          <Select
            label={t('keys.project')}
            description={t('keys.project.detail')}
            allowDeselect={false}
            searchable
            data={projects.data ?? []}
            value={project}
            onChange={(value) => setProject(value ?? 'default')}
          />
        )}
        <ModelPicker value={models} change={setModels} />
        <Expiry end={end} change={setEnd} />
        <Group justify="flex-end">
          <Button variant="default" onClick={props.close}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" loading={save.isPending} disabled={!name.trim()}>
            {was ? t('members.save') : t('keys.create')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function ModelPicker(props: { value: string[]; change: (models: string[]) => void }): ReactNode {
  const { t } = useWords();
  const may = useMay();
  const known = useQuery({ ...ask.gatewayModels(), enabled: may('playground.use') });
  const all = known.data ?? [];
  const { hosts, models } = choices(all);
  const open = allowed(props.value, all);
  return (
    <div>
      <TagsInput
        label={t('keys.models')}
        description={t('keys.models.detail')}
        placeholder={props.value.length === 0 ? t('keys.models.all') : ''}
        data={[
          { group: t('keys.models.hosts'), items: hosts },
          { group: t('keys.models.one'), items: models },
        ]}
        limit={60}
        maxDropdownHeight={280}
        value={props.value}
        onChange={props.change}
        splitChars={[',', ' ']}
        acceptValueOnBlur
        clearable
        clearButtonProps={{ 'aria-label': t('keys.models.all') }}
        comboboxProps={{ shadow: 'md' }}
      />
      {known.data && props.value.length > 0 && (
        <Text size="xs" mt={6} c={open.length === 0 ? 'var(--cp-busy)' : 'dimmed'} role="status">
          {open.length === 0
            ? t('keys.models.fitnone')
            : t('keys.models.fit', { count: open.length, all: all.length })}
        </Text>
      )}
    </div>
  );
}
