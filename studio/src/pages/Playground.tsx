/** Asks any model, or up to three side by side, as a client would: through the gateway, with its figures. */
import { ActionIcon, Badge, Button, Tooltip, VisuallyHidden } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconAdjustments, IconCode, IconColumns, IconEraser, IconShare2 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import {
  type DragEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { ask } from '../api/queries';
import { useWords } from '../i18n';
import { DEFAULTS, type Settings } from '../lib/chat';
import { another, hasImages, lacks } from '../lib/choosing';
import { freshLane, type Lane, lastAnswer, lastQuestion, MOST_LANES, settingsOf } from '../lib/lanes';
import { readSchema } from '../lib/schema';
import { unpack } from '../lib/share';
import { readTools } from '../lib/tools';
import { Page } from '../ui/parts';
import { Failure, Rows } from '../ui/states';
import { Composer, useAttach } from './playground/Composer';
import { type Known, useKnown } from './playground/known';
import { LaneCard } from './playground/LaneCard';
import { Beside, NoModels, Tries } from './playground/Nothing';
import { Panel } from './playground/Panel';
import { Share } from './playground/Share';
import { Snippet } from './playground/Snippet';
import { type State, store } from './playground/store';
import './playground/playground.css';
import './playground/said.css';

export function Playground(): ReactNode {
  const { t } = useWords();
  const me = useQuery(ask.me()).data;
  const { known, error, again } = useKnown();
  const owner = me ? (me.account ?? me.name) : '';
  const [opened, setOpened] = useState('');
  useEffect(() => {
    if (!owner) return;
    store.open(owner);
    setOpened(owner);
  }, [owner]);
  if (error && !known) {
    return (
      <Page title={t('nav.playground')}>
        <div className="card">
          <Failure error={error} again={again} />
        </div>
      </Page>
    );
  }
  if (!known || opened !== owner) {
    return (
      <Page fill title={t('nav.playground')}>
        <div className="card">
          <Rows />
        </div>
      </Page>
    );
  }
  if (known.models.length === 0 && known.hosts.length === 0) {
    return (
      <Page title={t('nav.playground')}>
        <NoModels known={known} />
      </Page>
    );
  }
  return <Open known={known} />;
}

function useArrivals(known: Known): void {
  const { t } = useWords();
  const search = useSearch({ from: '/playground' });
  const go = useNavigate({ from: '/playground' });
  useEffect(() => {
    const open = async (): Promise<void> => {
      if (!location.hash.startsWith('#p=')) return;
      const shared = await unpack(location.hash.slice(3));
      if (shared) store.restore(shared);
      else notifications.show({ color: 'red', message: t('play.link.bad') });
      // A reload keeps what has been said since; the link would begin anew.
      await go({ to: '/playground', search: {}, hash: '', replace: true });
    };
    void open();
    addEventListener('hashchange', open);
    return () => removeEventListener('hashchange', open);
  }, [go, t]);
  useEffect(() => {
    const [first] = store.state().lanes;
    if (search.model && first) {
      const model = known.of(search.model)?.name ?? search.model;
      if (!store.state().lanes.some((lane) => lane.model === model))
        store.change(first.id, (now) => ({ ...now, model }));
      void go({ to: '/playground', search: {}, replace: true });
      return;
    }
    const some = known.models.find((model) => model.local) ?? known.models[0];
    for (const lane of store.state().lanes)
      if (!lane.model && some) store.change(lane.id, (now) => ({ ...now, model: some.name }));
  }, [search.model, known, go]);
}

const isSet = (settings: Settings): number =>
  (Object.keys(DEFAULTS) as (keyof Settings)[]).filter((name) => {
    const value = settings[name];
    return Array.isArray(value) ? value.length > 0 : value !== null && String(value).trim() !== '';
  }).length;

const flawed = (settings: Settings): boolean =>
  readTools(settings.tools).flaws.length > 0 || readSchema(settings.schema).flaw !== undefined;

/** Tells once that an answer has ended; its words would be too many to be read out. */
function useEndings(lanes: readonly Lane[]): string {
  const { t } = useWords();
  const [told, setTold] = useState('');
  const busy = useRef(new Set<string>());
  useEffect(() => {
    const ended = lanes.filter((lane) => busy.current.has(lane.id) && !lane.busy);
    busy.current = new Set(lanes.filter((lane) => lane.busy).map((lane) => lane.id));
    if (ended.length === 0) return;
    setTold(
      ended
        .map((lane) =>
          t(lastAnswer(lane)?.end === 'done' ? 'play.ended' : 'play.ended.badly', { model: lane.model }),
        )
        .join(' '),
    );
  }, [lanes, t]);
  return told;
}

function Open(props: { known: Known }): ReactNode {
  const { t } = useWords();
  const { known } = props;
  useArrivals(known);
  const state = useSyncExternalStore(store.watch, store.state);
  const { lanes, settings, draft, images } = state;
  const [panel, setPanel] = useState<'settings' | 'share' | null>(null);
  const [whose, setWhose] = useState<string | null>(null);
  const [coded, setCoded] = useState<string | null>(null);
  const [tab, setTab] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const { flaws, attach, forget } = useAttach(images);
  const told = useEndings(lanes);
  const busy = lanes.some((lane) => lane.busy);
  const shown = lanes.find((lane) => lane.id === tab) ?? lanes[0];
  const begun = lanes.find((lane) => lane.said.length > 0);

  useEffect(() => {
    const stop = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      const over = [...document.querySelectorAll('[role=dialog], [role=listbox], [role=menu]')];
      if (!over.some((each) => each.checkVisibility())) store.stop();
    };
    addEventListener('keydown', stop);
    return () => removeEventListener('keydown', stop);
  }, []);

  const settle = useCallback((lane: string | null): void => {
    setWhose(lane);
    setPanel('settings');
  }, []);
  const submit = (): void => {
    const text = draft.trim();
    if ((!text && images.length === 0) || busy) return;
    const wrong = lanes.find((lane) => flawed(settingsOf(lane, settings)));
    if (wrong) {
      settle(wrong.own ? wrong.id : null);
      return;
    }
    forget();
    store.send(text, images);
  };
  const recall = (): void => {
    const last = shown && lastQuestion(shown);
    if (last) store.set({ draft: last.text });
  };
  const drop = (event: DragEvent): void => {
    const files = [...event.dataTransfer.files];
    if (files.length === 0) return;
    event.preventDefault();
    void attach(files);
  };

  return (
    <Page
      fill
      title={t('nav.playground')}
      actions={
        <Actions
          state={state}
          known={known}
          settle={settle}
          share={() => setPanel('share')}
          code={() => setCoded(shown?.id ?? null)}
        />
      }
    >
      {lanes.length > 1 && (
        <div className="lanetabs" role="tablist" aria-label={t('play.lanes')}>
          {lanes.map((lane) => (
            <button
              key={lane.id}
              type="button"
              className="lanetab"
              role="tab"
              aria-selected={lane === shown}
              aria-controls={`lane-${lane.id}`}
              onClick={() => setTab(lane.id)}
            >
              <span className="clip">{lane.model.split('/').at(-1) || t('play.model')}</span>
              {lane.busy && <span className="dot" data-tone="busy" />}
            </button>
          ))}
        </div>
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: files may be dropped anywhere; a button takes them too */}
      <div
        className="lanes"
        data-count={lanes.length}
        onDragOver={(event) => event.dataTransfer.types.includes('Files') && event.preventDefault()}
        onDrop={drop}
      >
        {lanes.map((lane, index) => (
          <LaneCard
            key={lane.id}
            lane={lane}
            number={index + 1}
            count={lanes.length}
            shown={lane === shown}
            known={known}
            settle={settle}
            code={setCoded}
          >
            {begun ? (
              <Beside lane={lane} other={begun} />
            ) : (
              index === 0 && <Tries settings={settings} focus={() => field.current?.focus()} />
            )}
          </LaneCard>
        ))}
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: as above */}
      <div
        className="asking"
        onDragOver={(event) => event.dataTransfer.types.includes('Files') && event.preventDefault()}
        onDrop={drop}
      >
        <Composer
          field={field}
          draft={draft}
          images={images}
          busy={busy}
          warnings={useWarnings(state, known)}
          flaws={flaws}
          attach={attach}
          submit={submit}
          recall={recall}
        />
      </div>
      <VisuallyHidden role="status">{told}</VisuallyHidden>
      <Panel
        opened={panel === 'settings'}
        close={() => setPanel(null)}
        lanes={lanes}
        settings={settings}
        lane={whose}
        turn={setWhose}
        known={known}
      />
      <Share opened={panel === 'share'} close={() => setPanel(null)} state={state} />
      <Snippet
        lane={lanes.find((lane) => lane.id === coded)}
        turn={setCoded}
        state={state}
        gateway={known.gateway}
      />
    </Page>
  );
}

/** What the reader should know before the question is sent. */
function useWarnings(state: State, known: Known): string[] {
  const { t } = useWords();
  const blind = state.lanes.filter(
    (lane) =>
      (state.images.length > 0 || hasImages(lane.said)) && lacks(known.of(lane.model), ['images']).length > 0,
  );
  return [...new Set(blind.map((lane) => t('play.lacks.images', { model: lane.model })))];
}

function Actions(props: {
  state: State;
  known: Known;
  settle: (lane: string | null) => void;
  code: () => void;
  share: () => void;
}): ReactNode {
  const { t } = useWords();
  const { state, known } = props;
  const { lanes, settings } = state;
  const set = isSet(settings);
  const next = another(
    known.models,
    lanes.map((lane) => lane.model),
  );
  const clear = (): void => {
    const undo = store.clear();
    notifications.show({
      position: 'top-center',
      id: 'cleared',
      message: (
        <span className="undo">
          {t('play.cleared')}
          <button
            type="button"
            className="undoes"
            onClick={() => {
              undo();
              notifications.hide('cleared');
            }}
          >
            {t('play.undo')}
          </button>
        </span>
      ),
    });
  };
  return (
    <>
      <Button
        className="slim"
        variant="default"
        leftSection={<IconColumns size={16} />}
        disabled={lanes.length >= MOST_LANES}
        onClick={() => store.add(freshLane(next))}
      >
        <span>{t('play.compare')}</span>
      </Button>
      <Button
        className="slim"
        variant="default"
        leftSection={<IconAdjustments size={16} />}
        rightSection={
          set > 0 ? (
            <Badge circle size="sm" color="voice" variant="filled">
              {set}
            </Badge>
          ) : undefined
        }
        onClick={() => props.settle(null)}
      >
        <span>{t('play.settings')}</span>
      </Button>
      <Button className="slim" variant="default" leftSection={<IconCode size={16} />} onClick={props.code}>
        <span>{t('play.code')}</span>
      </Button>
      <Tooltip label={t('play.share')}>
        <ActionIcon size="lg" variant="default" aria-label={t('play.share')} onClick={props.share}>
          <IconShare2 size={16} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t('play.clear')}>
        <ActionIcon
          size="lg"
          variant="default"
          aria-label={t('play.clear')}
          disabled={lanes.every((lane) => lane.said.length === 0)}
          onClick={clear}
        >
          <IconEraser size={16} />
        </ActionIcon>
      </Tooltip>
    </>
  );
}
