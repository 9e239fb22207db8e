/** What a project sends, and where it may go, whatever route it takes. */
import { Alert, Button, Group, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { renew } from '../../api/people';
import { useMay } from '../../api/rights';
import { routing } from '../../api/routing';
import type { ProjectShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { conditionsOf } from '../../lib/route';
import { Meanwhile } from '../../ui/Meanwhile';
import { Conditions } from './Conditions';

export function ProjectForm(props: { was: ProjectShape; close: () => void }): ReactNode {
  const { t } = useWords();
  const may = useMay();
  const [was, setWas] = useState(props.was);
  const [dataClass, setDataClass] = useState(was.data_class);
  const [constraints, setConstraints] = useState(() => conditionsOf(was.constraints));
  const closed = was.owner === 'file' || !may('rules.write');
  const save = useMutation({
    mutationFn: () => routing.putProject(was, { data_class: dataClass.trim(), constraints }),
    onSuccess: async () => {
      await renew('projects');
      props.close();
    },
  });
  const again = useMutation({
    mutationFn: () => routing.showProject(was.name),
    onSuccess: (found) => {
      setWas(found);
      setDataClass(found.data_class);
      setConstraints(conditionsOf(found.constraints));
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
        {was.owner === 'file' && <Alert variant="light">{t('routes.owned.detail')}</Alert>}
        <Meanwhile error={again.error ?? save.error} again={() => again.mutate()} />
        <fieldset className="routefields" disabled={closed}>
          <TextInput
            label={t('routes.class')}
            description={t('routes.class.detail')}
            maxLength={100}
            data-autofocus
            value={dataClass}
            onChange={(event) => setDataClass(event.currentTarget.value)}
          />
          <Conditions
            of={constraints}
            closed={closed}
            change={(part) => setConstraints({ ...constraints, ...part })}
          />
        </fieldset>
        {!closed && (
          <Group justify="flex-end">
            <Button variant="default" onClick={props.close}>
              {t('action.cancel')}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t('members.save')}
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  );
}
