/** A new budget or limit, or another amount for one that there is. */
import { Button, Group, Select, Stack, TagsInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { renew } from '../../api/people';
import { purse } from '../../api/purse';
import type { BudgetShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { Meanwhile } from '../../ui/Meanwhile';

const SCOPES = ['organisation', 'project', 'key', 'user'] as const;
const MEASURES = ['money', 'tokens', 'requests', 'concurrent'] as const;
const LONG = ['day', 'week', 'month', 'total'] as const;
const ALL = ['minute', 'hour', ...LONG] as const;
const AMOUNT = /^\d+(\.\d+)?$/;

export function Form(props: { was?: BudgetShape; close: () => void }): ReactNode {
  const { t } = useWords();
  const [was, setWas] = useState(props.was);
  const [scope, setScope] = useState<(typeof SCOPES)[number]>(was?.scope ?? 'organisation');
  const [subject, setSubject] = useState('');
  const [measure, setMeasure] = useState<(typeof MEASURES)[number]>(was?.measure ?? 'money');
  const [per, setPer] = useState<(typeof ALL)[number]>(was?.per ?? 'month');
  const [amount, setAmount] = useState(was?.amount ?? '');
  const [models, setModels] = useState<string[]>(was?.models ?? []);
  const [route, setRoute] = useState(was?.route ?? '');
  const save = useMutation({
    mutationFn: async () => {
      const common = { amount: amount.trim(), models, route: route.trim() };
      if (was) return await purse.edit(was, common);
      const period = measure === 'concurrent' ? 'total' : per;
      return await purse.add({
        ...common,
        scope,
        subject: subject.trim(),
        measure,
        per: period,
        unpriced: false,
      });
    },
    onSuccess: async () => {
      await renew('budgets');
      props.close();
    },
  });
  const again = useMutation({
    mutationFn: () => purse.show(was?.id ?? ''),
    onSuccess: (found) => {
      setWas(found);
      setAmount(found.amount);
      setModels(found.models);
      setRoute(found.route);
      save.reset();
    },
  });
  const periods = measure === 'money' ? LONG : ALL;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack gap="md">
        <Meanwhile error={again.error ?? save.error} again={() => again.mutate()} />
        {!was && (
          <>
            <Select
              label={t('budgets.scope')}
              allowDeselect={false}
              data={SCOPES.map((value) => ({ value, label: t(`budgets.scope.${value}`) }))}
              value={scope}
              onChange={(value) => setScope(value as typeof scope)}
            />
            {scope !== 'organisation' && (
              <TextInput
                label={t('budgets.subject')}
                description={t('budgets.subject.detail')}
                required
                value={subject}
                onChange={(event) => setSubject(event.currentTarget.value)}
              />
            )}
            <Select
              label={t('budgets.measure')}
              allowDeselect={false}
              data={MEASURES.map((value) => ({ value, label: t(`budgets.measure.${value}`) }))}
              value={measure}
              onChange={(value) => {
                setMeasure(value as typeof measure);
                if (value === 'money' && (per === 'minute' || per === 'hour')) setPer('month');
              }}
            />
            {measure !== 'concurrent' && (
              <Select
                label={t('budgets.per')}
                allowDeselect={false}
                data={periods.map((value) => ({ value, label: t(`budgets.per.${value}`) }))}
                value={per}
                onChange={(value) => setPer(value as typeof per)}
              />
            )}
          </>
        )}
        <TextInput
          label={t('budgets.amount')}
          required
          inputMode="decimal"
          data-autofocus
          autoComplete="off"
          value={amount}
          onChange={(event) => setAmount(event.currentTarget.value)}
        />
        <TagsInput
          label={t('budgets.models')}
          description={t('budgets.models.detail')}
          value={models}
          onChange={setModels}
          splitChars={[',', ' ']}
          acceptValueOnBlur
        />
        <TextInput
          label={t('budgets.route')}
          description={t('budgets.route.detail')}
          value={route}
          onChange={(event) => setRoute(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={props.close}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" loading={save.isPending} disabled={!AMOUNT.test(amount.trim())}>
            {t('budgets.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
