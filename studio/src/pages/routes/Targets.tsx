/** Whom a route may ask, in order; with weights where shares count, with checks where answers are judged. */
import { ActionIcon, Button, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { TargetInput } from '../../api/schema';
import { useWords } from '../../i18n';
import { CHECKS, type CheckKind, type Draft, newCheck, withTargets } from '../../lib/route';
import { Name } from './Names';

export function Targets(props: { draft: Draft; set: (draft: Draft) => void; closed: boolean }): ReactNode {
  const { t } = useWords();
  const { draft } = props;
  const set = (targets: TargetInput[]): void => props.set(withTargets(draft, targets));
  const put = (at: number, part: Partial<TargetInput>): void =>
    set(draft.targets.map((target, index) => (index === at ? { ...target, ...part } : target)));
  const up = (at: number): void => {
    const moved = [...draft.targets];
    moved.splice(at - 1, 0, ...moved.splice(at, 1));
    set(moved);
  };
  return (
    <Stack gap={8} role="group" aria-label={t('routes.targets')}>
      <div>
        <Text size="sm" fw={500}>
          {t('routes.targets')}
        </Text>
        <Text size="xs" c="dimmed">
          {t('routes.targets.detail')}
        </Text>
      </div>
      {draft.targets.map((target, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a target is its place; two may have the same name while one types
        <div key={at} className="routetarget">
          <span className="num sub">{at + 1}</span>
          <Name
            label={t('routes.target', { count: at + 1 })}
            placeholder="mistral-small-latest"
            value={target.model}
            change={(model) => put(at, { model })}
          />
          <Weight draft={draft} at={at} change={(weight) => put(at, { weight })} />
          <span className="routeacts">
            {at > 0 && (
              <ActionIcon aria-label={t('routes.up', { name: target.model })} onClick={() => up(at)}>
                <IconArrowUp size={15} />
              </ActionIcon>
            )}
            {draft.targets.length > 1 && (
              <ActionIcon
                aria-label={t('routes.drop', { name: target.model })}
                onClick={() => set(draft.targets.filter((_, index) => index !== at))}
              >
                <IconTrash size={15} />
              </ActionIcon>
            )}
          </span>
          {target.check && <Check of={target.check} change={(check) => put(at, { check })} />}
        </div>
      ))}
      {!props.closed && (
        <div>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlus size={14} />}
            onClick={() => set([...draft.targets, { model: '', weight: 1, check: null }])}
          >
            {t('routes.target.add')}
          </Button>
        </div>
      )}
    </Stack>
  );
}

function Weight(props: { draft: Draft; at: number; change: (weight: number) => void }): ReactNode {
  const { t, f } = useWords();
  const { draft, at } = props;
  const target = draft.targets[at];
  if (!target || (draft.policy !== 'weighted' && !(draft.policy === 'canary' && at === 1))) return null;
  const all = draft.targets.reduce((sum, each) => sum + each.weight, 0);
  const canary = draft.policy === 'canary';
  return (
    <NumberInput
      w={132}
      aria-label={t(canary ? 'routes.permille' : 'routes.weight')}
      min={0}
      max={canary ? 1000 : undefined}
      allowDecimal={false}
      suffix={canary ? ' ‰' : ` · ${f.percent(all > 0 ? target.weight / all : 0)}`}
      value={target.weight}
      onChange={(value) => typeof value === 'number' && props.change(value)}
    />
  );
}

type CheckInput = NonNullable<TargetInput['check']>;

function Check(props: { of: CheckInput; change: (check: CheckInput) => void }): ReactNode {
  const { t } = useWords();
  const { of: check } = props;
  const put = (part: Partial<CheckInput>): void => props.change({ ...check, ...part });
  return (
    <div className="routecheck">
      <Select
        label={t('routes.check')}
        allowDeselect={false}
        data={CHECKS.map((value) => ({ value, label: t(`routes.check.${value}`) }))}
        value={check.kind}
        onChange={(value) => value && props.change(newCheck(value as CheckKind))}
      />
      {check.kind !== 'schema' && (
        <NumberInput
          label={t('routes.least')}
          min={0}
          max={1}
          step={0.05}
          decimalScale={2}
          value={check.least}
          onChange={(value) => typeof value === 'number' && put({ least: value })}
        />
      )}
      {check.kind === 'agreement' && (
        <NumberInput
          label={t('routes.samples')}
          min={2}
          max={9}
          allowDecimal={false}
          value={check.samples}
          onChange={(value) => typeof value === 'number' && put({ samples: value })}
        />
      )}
      {(check.kind === 'judge' || check.kind === 'agreement') && (
        <TextInput
          label={t(check.kind === 'judge' ? 'routes.judge' : 'routes.second')}
          spellCheck={false}
          value={check.judge}
          onChange={(event) => put({ judge: event.currentTarget.value })}
        />
      )}
    </div>
  );
}
