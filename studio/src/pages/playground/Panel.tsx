/** How the models are asked: for all conversations, or for one of them by itself. */
import {
  Button,
  Drawer,
  NumberInput,
  SegmentedControl,
  Select,
  Stack,
  Switch,
  TagsInput,
  Text,
  Textarea,
} from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useWords } from '../../i18n';
import { CHOICES, DEFAULTS, EFFORTS, MOST_STOPS, type Settings } from '../../lib/chat';
import { lacks, type Need } from '../../lib/choosing';
import type { Lane } from '../../lib/lanes';
import { readSchema, SCHEMA_EXAMPLE } from '../../lib/schema';
import { readTools, TOOL_EXAMPLE } from '../../lib/tools';
import { CodeField } from './CodeField';
import type { Known } from './known';
import { store } from './store';

const ALL = 'all';

export function Panel(props: {
  opened: boolean;
  close: () => void;
  lanes: readonly Lane[];
  settings: Settings;
  /** Of the lane whose parameters are shown; `null`: those of all. */
  lane: string | null;
  turn: (lane: string | null) => void;
  known: Known;
}): ReactNode {
  const { t } = useWords();
  const { lanes } = props;
  const lane = lanes.find((each) => each.id === props.lane);
  const common = !lane;
  const settings = lane?.own ?? props.settings;
  const change = (next: Settings): void =>
    lane ? store.change(lane.id, (now) => ({ ...now, own: next })) : store.set({ settings: next });
  const asked = lane ? [lane] : lanes.filter((each) => each.own === null);
  const lacking = (need: Need): string[] => [
    ...new Set(
      asked.map((each) => each.model).filter((model) => lacks(props.known.of(model), [need]).length > 0),
    ),
  ];
  return (
    <Drawer
      opened={props.opened}
      onClose={props.close}
      position="right"
      title={t('play.settings')}
      size={440}
      overlayProps={{ backgroundOpacity: 0.15 }}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <Stack gap="md">
        {lanes.length > 1 || lane ? (
          <SegmentedControl
            fullWidth
            aria-label={t('play.whose')}
            value={lane?.id ?? ALL}
            onChange={(value) => props.turn(value === ALL ? null : value)}
            data={[
              { value: ALL, label: t('play.whose.all') },
              ...lanes.map((each, index) => ({
                value: each.id,
                label: t('play.whose.one', { count: index + 1 }),
              })),
            ]}
          />
        ) : null}
        {lane && (
          <Switch
            label={t('play.own.for', { model: lane.model })}
            description={t('play.own.detail')}
            checked={lane.own !== null}
            onChange={(event) => {
              const own = event.currentTarget.checked ? props.settings : null;
              store.change(lane.id, (now) => ({ ...now, own }));
            }}
          />
        )}
        {(common || lane.own) && <Fields settings={settings} change={change} lacking={lacking} />}
      </Stack>
    </Drawer>
  );
}

interface Changes {
  settings: Settings;
  change: (next: Settings) => void;
  lacking: (need: Need) => string[];
}

function Fields(props: Changes): ReactNode {
  const { t, f } = useWords();
  const { settings } = props;
  const set = (part: Partial<Settings>): void => props.change({ ...settings, ...part });
  const figure = (value: string | number): number | null => (typeof value === 'number' ? value : null);
  const tools = readTools(settings.tools);
  const schema = readSchema(settings.schema);
  return (
    <>
      <Textarea
        label={t('play.system')}
        description={t('play.system.detail')}
        autosize
        minRows={3}
        maxRows={12}
        value={settings.system}
        onChange={(event) => set({ system: event.currentTarget.value })}
      />
      <div className="pairs">
        <NumberInput
          label={t('play.temperature')}
          description={t('play.temperature.detail')}
          placeholder={t('play.unset')}
          min={0}
          max={2}
          step={0.1}
          value={settings.temperature ?? ''}
          onChange={(value) => set({ temperature: figure(value) })}
        />
        <NumberInput
          label={t('play.topp')}
          description={t('play.topp.detail')}
          placeholder={t('play.unset')}
          min={0}
          max={1}
          step={0.05}
          value={settings.topP ?? ''}
          onChange={(value) => set({ topP: figure(value) })}
        />
        <NumberInput
          label={t('play.max')}
          description={t('play.max.detail')}
          placeholder={t('play.unset')}
          min={1}
          max={1_000_000}
          allowDecimal={false}
          thousandSeparator={f.group}
          value={settings.maxTokens ?? ''}
          onChange={(value) => set({ maxTokens: figure(value) })}
        />
        <NumberInput
          label={t('play.seed')}
          description={t('play.seed.detail')}
          placeholder={t('play.unset')}
          min={0}
          max={2_147_483_647}
          allowDecimal={false}
          value={settings.seed ?? ''}
          onChange={(value) => set({ seed: figure(value) })}
        />
      </div>
      <TagsInput
        label={t('play.stops')}
        description={t('play.stops.detail', { most: MOST_STOPS })}
        placeholder={settings.stop.length === 0 ? t('play.unset') : ''}
        maxTags={MOST_STOPS}
        splitChars={[]}
        value={settings.stop}
        onChange={(stop) => set({ stop })}
      />
      <Select
        label={t('play.effort')}
        description={t('play.effort.detail')}
        placeholder={t('play.unset')}
        clearable
        clearButtonProps={{ 'aria-label': t('play.reset.one', { name: t('play.effort') }) }}
        data={EFFORTS.map((value) => ({ value, label: t(`play.effort.${value}`) }))}
        value={settings.effort || null}
        onChange={(value) => set({ effort: value ?? '' })}
      />
      <Lacking need="reasoning" lacking={props.lacking} />
      <CodeField
        label={t('play.tools')}
        detail={t('play.tools.detail')}
        value={settings.tools}
        change={(value) => set({ tools: value })}
        example={TOOL_EXAMPLE}
        flaws={tools.flaws.map((flaw) => t(`play.tool.${flaw.code}`, { ...flaw }))}
        good={tools.tools.length > 0 ? t('play.tools.good', { count: tools.tools.length }) : null}
      />
      <Lacking need="tools" lacking={props.lacking} />
      {settings.tools.trim() && (
        <Select
          label={t('play.choice')}
          placeholder={t('play.unset')}
          clearable
          clearButtonProps={{ 'aria-label': t('play.reset.one', { name: t('play.choice') }) }}
          data={CHOICES.map((value) => ({ value, label: t(`play.choice.${value}`) }))}
          value={settings.toolChoice || null}
          onChange={(value) => set({ toolChoice: value ?? '' })}
        />
      )}
      <CodeField
        label={t('play.schema')}
        detail={t('play.schema.detail')}
        value={settings.schema}
        change={(value) => set({ schema: value })}
        example={SCHEMA_EXAMPLE}
        flaws={schema.flaw ? [t(`play.schema.${schema.flaw.code}`, { ...schema.flaw })] : []}
        good={schema.schema ? t('play.schema.good') : null}
      />
      <Lacking need="structured_output" lacking={props.lacking} />
      <Button variant="default" onClick={() => props.change(DEFAULTS)}>
        {t('play.reset')}
      </Button>
    </>
  );
}

/** That a model does not do this, by what its catalogue says; told beside what was set. */
function Lacking(props: { need: Need; lacking: (need: Need) => string[] }): ReactNode {
  const { t } = useWords();
  const models = props.lacking(props.need);
  if (models.length === 0) return null;
  return (
    <Text size="xs" className="lacking">
      <IconAlertTriangle size={14} aria-hidden />
      {t(`play.lacks.${props.need}`, { model: models.join(', ') })}
    </Text>
  );
}
