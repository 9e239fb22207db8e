/** Asks any model, or up to three side by side, as a client would: through the gateway, with its figures. */
import {
  ActionIcon,
  Alert,
  Button,
  Drawer,
  FileButton,
  JsonInput,
  Modal,
  NumberInput,
  SegmentedControl,
  Select,
  Stack,
  Text,
  Textarea,
  Tooltip,
} from '@mantine/core';
import { notifications } from '@mantine/notifications';
import {
  IconAdjustments,
  IconArrowUp,
  IconCode,
  IconColumns,
  IconMessages,
  IconPhoto,
  IconPlayerStopFilled,
  IconShare2,
  IconTrash,
  IconX,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { at } from '../api/client';
import { ask } from '../api/queries';
import { useWords } from '../i18n';
import { bodyOf, DEFAULTS, type Settings, type Turn } from '../lib/chat';
import { pack, type Shared, unpack } from '../lib/share';
import { anthropic, curl, type Flavour, openai } from '../lib/snippets';
import { Code, Page } from '../ui/parts';
import { Empty, Failure } from '../ui/states';
import { Lane } from './playground/Lane';
import { type LaneState, turnsOf, useLanes } from './playground/lanes';

const KEPT = 'counterpoint.playground';
const MOST = 3;

function remembered(): Shared | null {
  const linked = unpack(location.hash.replace(/^#p=/, ''));
  return linked ?? unpack(localStorage.getItem(KEPT) ?? '');
}

export function Playground(): ReactNode {
  const { t } = useWords();
  const search = useSearch({ from: '/playground' });
  const models = useQuery(ask.gatewayModels());
  const local = useQuery(ask.localModels());
  const [begun] = useState(remembered);
  const [settings, setSettings] = useState<Settings>(begun?.settings ?? DEFAULTS);
  const [draft, setDraft] = useState(begun?.draft ?? '');
  const [images, setImages] = useState<string[]>([]);
  const [panel, setPanel] = useState<'settings' | 'code' | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const { lanes, add, remove, choose, send, stop, clear } = useLanes(
    search.model ? [search.model] : (begun?.models ?? []),
  );
  const embedders = new Set(
    local.data?.items.filter((each) => each.kind === 'embed').map((each) => each.name),
  );
  const chat = (models.data ?? []).filter(
    (id) => !embedders.has(id) && !embedders.has(id.replace(/^[^/]+\//, '')),
  );
  const first = chat[0];
  const busy = lanes.some((lane) => lane.busy);

  useEffect(() => {
    const empty = lanes.find((lane) => lane.model === '');
    if (empty && first && local.data) choose(empty.id, first);
  }, [lanes, first, local.data, choose]);
  useEffect(() => {
    localStorage.setItem(KEPT, pack({ models: lanes.map((lane) => lane.model), settings, draft: '' }));
  }, [lanes, settings]);

  const submit = (): void => {
    const text = draft.trim();
    if ((!text && images.length === 0) || busy) return;
    try {
      bodyOf('', [], settings);
    } catch {
      setWrong(t('play.notjson'));
      setPanel('settings');
      return;
    }
    setWrong(null);
    send({ role: 'user', text, images }, settings);
    setDraft('');
    setImages([]);
  };
  const share = async (): Promise<void> => {
    const packed = pack({ models: lanes.map((lane) => lane.model), settings, draft });
    await navigator.clipboard.writeText(`${at('playground')}#p=${packed}`);
    notifications.show({ message: t('play.shared') });
  };
  const attach = async (files: File[]): Promise<void> => {
    const urls = await Promise.all(files.slice(0, 4).map(dataUrl));
    setImages((old) => [...old, ...urls].slice(0, 4));
  };

  return (
    <Page
      fill
      title={t('nav.playground')}
      actions={
        <>
          <Button
            variant="default"
            leftSection={<IconColumns size={16} />}
            disabled={lanes.length >= MOST}
            onClick={() => add(chat[lanes.length] ?? first ?? '')}
          >
            {t('play.compare')}
          </Button>
          <Button
            variant="default"
            leftSection={<IconAdjustments size={16} />}
            onClick={() => setPanel('settings')}
          >
            {t('play.settings')}
          </Button>
          <Button variant="default" leftSection={<IconCode size={16} />} onClick={() => setPanel('code')}>
            {t('play.code')}
          </Button>
          <Tooltip label={t('play.share')}>
            <ActionIcon size="lg" variant="default" aria-label={t('play.share')} onClick={() => void share()}>
              <IconShare2 size={16} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label={t('play.clear')}>
            <ActionIcon size="lg" variant="default" aria-label={t('play.clear')} onClick={clear}>
              <IconTrash size={16} />
            </ActionIcon>
          </Tooltip>
        </>
      }
    >
      {models.error ? (
        <div className="card">
          <Failure error={models.error} again={() => void models.refetch()} />
        </div>
      ) : (
        <div className="lanes">
          {lanes.map((lane, index) => (
            <section key={lane.id} className="card lane" aria-label={t('play.lane', { count: index + 1 })}>
              <header>
                <Select
                  aria-label={t('play.model')}
                  className="grow"
                  variant="unstyled"
                  searchable
                  value={lane.model || null}
                  placeholder={t('play.model')}
                  data={[...new Set([...chat, ...(lane.model ? [lane.model] : [])])]}
                  nothingFoundMessage={t('play.nomodel')}
                  limit={200}
                  onChange={(value) => value && choose(lane.id, value)}
                  styles={{ input: { fontWeight: 550 } }}
                />
                {lanes.length > 1 && (
                  <ActionIcon
                    aria-label={t('play.remove', { model: lane.model })}
                    onClick={() => remove(lane.id)}
                  >
                    <IconX size={16} />
                  </ActionIcon>
                )}
              </header>
              <Lane lane={lane}>
                <Empty icon={<IconMessages size={20} />} title={t('play.empty')}>
                  {t('play.empty.detail')}
                </Empty>
              </Lane>
            </section>
          ))}
        </div>
      )}
      <form
        className="ask"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {images.length > 0 && (
          <div className="row pics" style={{ padding: 6 }}>
            {images.map((url, index) => (
              <Tooltip key={url.slice(-40)} label={t('play.unattach')}>
                <button
                  type="button"
                  aria-label={t('play.unattach')}
                  onClick={() => setImages(images.filter((_, other) => other !== index))}
                  style={{ all: 'unset', cursor: 'pointer' }}
                >
                  <img src={url} alt={t('play.picture', { count: index + 1 })} />
                </button>
              </Tooltip>
            ))}
          </div>
        )}
        <Textarea
          aria-label={t('play.ask')}
          placeholder={t('play.ask')}
          variant="unstyled"
          autosize
          minRows={1}
          maxRows={8}
          px={6}
          value={draft}
          onChange={(event) => setDraft(event.currentTarget.value)}
          onPaste={(event) => {
            const pasted = [...event.clipboardData.files].filter((file) => file.type.startsWith('image/'));
            if (pasted.length > 0) void attach(pasted);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
              event.preventDefault();
              submit();
            }
          }}
        />
        <div className="row" style={{ justifyContent: 'space-between' }}>
          <div className="row" style={{ gap: 10 }}>
            <FileButton
              accept="image/png,image/jpeg,image/webp,image/gif"
              multiple
              onChange={(files) => void attach(files)}
            >
              {(rest) => (
                <Tooltip label={t('play.attach')}>
                  <ActionIcon {...rest} aria-label={t('play.attach')}>
                    <IconPhoto size={17} />
                  </ActionIcon>
                </Tooltip>
              )}
            </FileButton>
            <Text size="xs" c="dimmed" visibleFrom="sm">
              {t('play.keys')}
            </Text>
          </div>
          {busy ? (
            <ActionIcon
              variant="filled"
              color="gray"
              size="lg"
              radius="xl"
              aria-label={t('play.stop')}
              onClick={stop}
            >
              <IconPlayerStopFilled size={15} />
            </ActionIcon>
          ) : (
            <ActionIcon
              type="submit"
              variant="filled"
              color="voice"
              size="lg"
              radius="xl"
              aria-label={t('play.send')}
              disabled={!draft.trim() && images.length === 0}
            >
              <IconArrowUp size={17} />
            </ActionIcon>
          )}
        </div>
      </form>
      <Drawer
        opened={panel === 'settings'}
        onClose={() => setPanel(null)}
        position="right"
        title={t('play.settings')}
        size={400}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        <Parameters settings={settings} change={setSettings} wrong={wrong} />
      </Drawer>
      <Snippet
        opened={panel === 'code'}
        close={() => setPanel(null)}
        lane={lanes[0]}
        settings={settings}
        draft={draft || t('play.example')}
      />
    </Page>
  );
}

async function dataUrl(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error(file.name));
    reader.readAsDataURL(file);
  });
}

function Parameters(props: {
  settings: Settings;
  change: (next: Settings) => void;
  wrong: string | null;
}): ReactNode {
  const { t } = useWords();
  const { settings } = props;
  const set = (part: Partial<Settings>): void => props.change({ ...settings, ...part });
  const figure = (value: string | number): number | null => (typeof value === 'number' ? value : null);
  return (
    <Stack gap="md">
      {props.wrong && (
        <Alert color="red" role="alert">
          {props.wrong}
        </Alert>
      )}
      <Textarea
        label={t('play.system')}
        description={t('play.system.detail')}
        autosize
        minRows={3}
        maxRows={12}
        value={settings.system}
        onChange={(event) => set({ system: event.currentTarget.value })}
      />
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
        placeholder={t('play.unset')}
        min={0}
        max={1}
        step={0.05}
        value={settings.topP ?? ''}
        onChange={(value) => set({ topP: figure(value) })}
      />
      <NumberInput
        label={t('play.max')}
        placeholder={t('play.unset')}
        min={1}
        max={1_000_000}
        allowDecimal={false}
        value={settings.maxTokens ?? ''}
        onChange={(value) => set({ maxTokens: figure(value) })}
      />
      <JsonInput
        label={t('play.tools')}
        description={t('play.tools.detail')}
        placeholder='[{"type": "function", "function": {"name": …}}]'
        validationError={t('play.notjson')}
        autosize
        minRows={3}
        maxRows={14}
        formatOnBlur
        value={settings.tools}
        onChange={(tools) => set({ tools })}
        classNames={{ input: 'mono' }}
      />
      <JsonInput
        label={t('play.schema')}
        description={t('play.schema.detail')}
        placeholder='{"type": "object", "properties": {…}}'
        validationError={t('play.notjson')}
        autosize
        minRows={3}
        maxRows={14}
        formatOnBlur
        value={settings.schema}
        onChange={(schema) => set({ schema })}
        classNames={{ input: 'mono' }}
      />
      <Button variant="default" onClick={() => props.change(DEFAULTS)}>
        {t('play.reset')}
      </Button>
    </Stack>
  );
}

const FLAVOURS: Record<Flavour, [string, typeof curl]> = {
  curl: ['curl', curl],
  openai: ['OpenAI SDK', openai],
  anthropic: ['Anthropic SDK', anthropic],
};

function Snippet(props: {
  opened: boolean;
  close: () => void;
  lane: LaneState | undefined;
  settings: Settings;
  draft: string;
}): ReactNode {
  const { t } = useWords();
  const status = useQuery(ask.status());
  const [flavour, setFlavour] = useState<Flavour>('curl');
  const seen = useRef('');
  if (props.opened && props.lane) {
    const said = turnsOf(props.lane);
    const turns: Turn[] =
      said.length > 0 && said.at(-1)?.role === 'user' ? said : [...said, { role: 'user', text: props.draft }];
    try {
      const body = bodyOf(props.lane.model, turns, props.settings, false);
      seen.current = FLAVOURS[flavour][1](status.data?.gateway ?? '', body);
    } catch {
      seen.current = t('play.notjson');
    }
  }
  return (
    <Modal
      opened={props.opened}
      onClose={props.close}
      title={t('play.code')}
      size="xl"
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {t('play.code.detail')}
        </Text>
        <SegmentedControl
          value={flavour}
          onChange={(value) => setFlavour(value as Flavour)}
          data={(Object.keys(FLAVOURS) as Flavour[]).map((each) => ({
            value: each,
            label: FLAVOURS[each][0],
          }))}
        />
        <Code text={seen.current} label={t('play.code')} max={420} />
      </Stack>
    </Modal>
  );
}
