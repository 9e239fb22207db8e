/** A route: its targets, conditions, what happens when something fails; and at once what calls would come to by it. */
import { Accordion, Alert, Button, Group, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { renew } from '../../api/people';
import { useMay } from '../../api/rights';
import { routing } from '../../api/routing';
import type { RouteShape } from '../../api/schema';
import { useWords } from '../../i18n';
import {
  blank,
  count,
  type Draft,
  draftOf,
  flawOf,
  POLICIES,
  type Policy,
  wanted,
  withPolicy,
} from '../../lib/route';
import { Meanwhile } from '../../ui/Meanwhile';
import { Sure } from '../../ui/Sure';
import { Conditions } from './Conditions';
import { DryRun } from './DryRun';
import { Names } from './Names';
import { Targets } from './Targets';
import { Times } from './Times';

export function Editor(props: { was?: RouteShape; close: () => void }): ReactNode {
  const { t } = useWords();
  const may = useMay();
  const [was, setWas] = useState(props.was);
  const [draft, setDraft] = useState<Draft>(() => (props.was ? draftOf(props.was) : blank()));
  const [tried, setTried] = useState(false);
  const [removing, setRemoving] = useState(false);
  const closed = was?.owner === 'file' || !may('rules.write');
  const change = (part: Partial<Draft>): void => setDraft({ ...draft, ...part });
  const flaw = flawOf(draft, []);
  const done = async (): Promise<void> => {
    await renew('routes', 'gateway-models');
    props.close();
  };
  const save = useMutation({
    mutationFn: () => (was ? routing.put(was, wanted(draft)) : routing.add(wanted(draft))),
    onSuccess: done,
  });
  const again = useMutation({
    mutationFn: () => routing.show(was?.name ?? ''),
    onSuccess: (found) => {
      setWas(found);
      setDraft(draftOf(found));
      save.reset();
    },
  });
  const remove = useMutation({
    mutationFn: async () => {
      if (was) await routing.remove(was);
    },
    onSuccess: done,
  });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (flaw === null) save.mutate();
      }}
    >
      <Stack gap="md">
        {was?.owner === 'file' && <Alert variant="light">{t('routes.owned.detail')}</Alert>}
        <Meanwhile error={again.error ?? save.error} again={() => again.mutate()} />
        <fieldset className="routefields" disabled={closed}>
          <div className="routehead">
            <TextInput
              label={t('routes.name')}
              description={t('routes.name.detail')}
              required
              withAsterisk={false}
              maxLength={100}
              data-autofocus
              autoComplete="off"
              spellCheck={false}
              value={draft.name}
              error={tried && (flaw === 'name' || flaw === 'letters') && t(`routes.flaw.${flaw}`)}
              onChange={(event) => change({ name: event.currentTarget.value })}
            />
            <Select
              label={t('routes.policy')}
              description={t(`routes.policy.${draft.policy}.detail`)}
              allowDeselect={false}
              disabled={closed}
              data={POLICIES.map((value) => ({ value, label: t(`routes.policy.${value}`) }))}
              value={draft.policy}
              onChange={(value) => value && setDraft(withPolicy(draft, value as Policy))}
            />
          </div>
          {draft.policy === 'sticky' && <Sticky draft={draft} change={change} />}
          <Targets draft={draft} set={setDraft} closed={closed} />
          {tried && (flaw === 'targets' || flaw === 'canary') && (
            <Text size="sm" c="var(--cp-bad)" role="alert">
              {t(`routes.flaw.${flaw}`)}
            </Text>
          )}
          <Names
            label={t('routes.fallbacks')}
            detail={t('routes.fallbacks.detail')}
            value={draft.fallbacks}
            closed={closed}
            change={(fallbacks) => change({ fallbacks })}
          />
          <Accordion variant="separated" multiple chevronPosition="left">
            <Accordion.Item value="conditions">
              <Accordion.Control>
                {t('routes.conditions')}
                {count(draft.constraints) > 0 && (
                  <span className="sub">
                    {' '}
                    · {t('routes.conditions.set', { count: count(draft.constraints) })}
                  </span>
                )}
              </Accordion.Control>
              <Accordion.Panel>
                <Conditions
                  of={draft.constraints}
                  closed={closed}
                  change={(part) => change({ constraints: { ...draft.constraints, ...part } })}
                />
              </Accordion.Panel>
            </Accordion.Item>
            <Accordion.Item value="times">
              <Accordion.Control>{t('routes.times')}</Accordion.Control>
              <Accordion.Panel>
                <Times draft={draft} change={change} />
              </Accordion.Panel>
            </Accordion.Item>
            <Accordion.Item value="shadows">
              <Accordion.Control>{t('routes.shadows')}</Accordion.Control>
              <Accordion.Panel>
                <Stack gap="sm">
                  <Names
                    label={t('routes.shadows')}
                    detail={t('routes.shadows.detail')}
                    value={draft.shadows}
                    closed={closed}
                    change={(shadows) => change({ shadows })}
                  />
                  <NumberInput
                    label={t('routes.shadow_share')}
                    suffix=" ‰"
                    min={0}
                    max={1000}
                    allowDecimal={false}
                    value={draft.shadow_share}
                    onChange={(value) => typeof value === 'number' && change({ shadow_share: value })}
                  />
                </Stack>
              </Accordion.Panel>
            </Accordion.Item>
          </Accordion>
        </fieldset>
        {!closed && (
          <Group justify="space-between">
            {was ? (
              <Button variant="default" className="danger" onClick={() => setRemoving(true)}>
                {t('routes.remove')}
              </Button>
            ) : (
              <span />
            )}
            <Group>
              <Button variant="default" onClick={props.close}>
                {t('action.cancel')}
              </Button>
              <Button type="submit" loading={save.isPending}>
                {was ? t('members.save') : t('routes.create')}
              </Button>
            </Group>
          </Group>
        )}
        <DryRun draft={draft} ready={flaw === null} />
      </Stack>
      <Sure
        asked={removing}
        title={t('routes.remove')}
        text={t('routes.remove.sure', { name: was?.name ?? '' })}
        word={t('routes.remove')}
        harsh
        error={remove.error}
        busy={remove.isPending}
        close={() => setRemoving(false)}
        go={() => remove.mutate()}
      />
    </form>
  );
}

function Sticky(props: { draft: Draft; change: (part: Partial<Draft>) => void }): ReactNode {
  const { t } = useWords();
  const { draft, change } = props;
  return (
    <div className="routehead">
      <Select
        label={t('routes.sticky_by')}
        allowDeselect={false}
        data={(['session', 'prefix'] as const).map((value) => ({
          value,
          label: t(`routes.sticky_by.${value}`),
        }))}
        value={draft.sticky_by}
        onChange={(value) => value && change({ sticky_by: value as Draft['sticky_by'] })}
      />
      {draft.sticky_by === 'session' && (
        <TextInput
          label={t('routes.session_header')}
          spellCheck={false}
          value={draft.session_header}
          onChange={(event) => change({ session_header: event.currentTarget.value })}
        />
      )}
    </div>
  );
}
