/** One answer: what the model thought, said and called, how it ended, and what can be done with it. */
import { ActionIcon, Alert, Badge, Button, CopyButton, Text, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconCopy, IconRefresh } from '@tabler/icons-react';
import { memo, type ReactNode, useEffect, useMemo, useState } from 'react';
import { useWords } from '../../i18n';
import { type Answer, type Trouble, textOf } from '../../lib/chat';
import { readSchema, verdict } from '../../lib/schema';
import { Calls } from './Calls';
import { woke } from './known';
import { Prose } from './Prose';
import { store } from './store';

export const Told = memo(function Told(props: {
  lane: string;
  answer: Answer;
  last: boolean;
  several: boolean;
  waking: number | null;
  busy: boolean;
}): ReactNode {
  const { t } = useWords();
  const { answer, last } = props;
  const retry = (): void => store.retry(props.lane, answer.id);
  const growing = answer.end === null;
  const [slept] = useState(growing && props.waking !== null);
  const { firstMs } = answer.figures;
  useEffect(() => {
    if (slept && firstMs !== null) woke(answer.model, firstMs);
  }, [slept, firstMs, answer.model]);
  const quiet = answer.blocks.length === 0 && !answer.tail && !answer.refusal && answer.calls.length === 0;
  return (
    <article className="said" data-role="assistant" data-last={last || undefined}>
      {props.several && <div className="who mono">{answer.model}</div>}
      {answer.reasoning && <Thought text={answer.reasoning} growing={growing && quiet} answer={answer} />}
      {answer.blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks are only ever appended
        <Prose key={index} text={block} />
      ))}
      {answer.tail && <Prose text={answer.tail} />}
      {answer.refusal && (
        <Alert color="orange" variant="light" title={t('play.refused')}>
          {answer.refusal}
        </Alert>
      )}
      {growing && quiet && !answer.reasoning && <Waiting waking={props.waking} />}
      {growing && !quiet && <span className="caret" />}
      {answer.calls.length > 0 && (
        <Calls
          answer={answer}
          waiting={last && answer.end === 'done'}
          give={(results) => store.give(props.lane, answer.id, results)}
        />
      )}
      {!growing && quiet && answer.end === 'done' && (
        <Text size="sm" c="dimmed">
          {t('play.nothing')}
        </Text>
      )}
      <Ending answer={answer} again={props.busy ? undefined : retry} />
      {!growing && answer.schema && answer.end === 'done' && answer.calls.length === 0 && (
        <Fits text={textOf(answer)} schema={answer.schema} />
      )}
      {!growing && (
        <div className="acts">
          {!quiet && <CopyAct text={textOf(answer) || answer.refusal} />}
          {!props.busy && (answer.end === 'done' || answer.end === 'stopped') && (
            <Tooltip label={t('play.retry')}>
              <ActionIcon size="sm" aria-label={t('play.retry')} onClick={retry}>
                <IconRefresh size={15} />
              </ActionIcon>
            </Tooltip>
          )}
        </div>
      )}
    </article>
  );
});

export function CopyAct(props: { text: string }): ReactNode {
  const { t } = useWords();
  return (
    <CopyButton value={props.text} timeout={1600}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? t('action.copied') : t('play.copy')}>
          <ActionIcon size="sm" aria-label={t('play.copy')} onClick={copy}>
            {copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}

/** Folded, but for while there is nothing else to read. */
function Thought(props: { text: string; growing: boolean; answer: Answer }): ReactNode {
  const { t } = useWords();
  const [wanted, setWanted] = useState<boolean | null>(null);
  const shown = wanted ?? props.growing;
  const { thought } = props.answer.figures;
  return (
    <div className="thought" data-shown={shown || undefined}>
      <button type="button" className="folds" aria-expanded={shown} onClick={() => setWanted(!shown)}>
        {props.growing
          ? t('play.thinking')
          : thought > 0
            ? t('play.thought.tokens', { count: thought })
            : t('play.thought')}
      </button>
      {shown && <div>{props.text}</div>}
    </div>
  );
}

function Waiting(props: { waking: number | null }): ReactNode {
  const { t, f } = useWords();
  const [waking] = useState(props.waking);
  const now = useSeconds(true);
  const [began] = useState(() => Date.now());
  const gone = Math.round((now - began) / 1000);
  if (waking === null) return <span className="caret" />;
  const left = waking - gone;
  return (
    <div className="waking" role="status">
      <span className="caret" />
      {left > 0 ? t('play.waking', { time: f.seconds(left) }) : t('play.waking.late')}
    </div>
  );
}

/** The time, every second while `on`. */
function useSeconds(on: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!on) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [on]);
  return now;
}

const FINISHES = {
  length: 'play.finish.length',
  content_filter: 'play.finish.filter',
} as const;

function Ending(props: { answer: Answer; again: (() => void) | undefined }): ReactNode {
  const { t } = useWords();
  const { end, figures, trouble } = props.answer;
  const retry = props.again && (
    <Button size="compact-xs" variant="default" onClick={props.again}>
      {t('play.again')}
    </Button>
  );
  if (end === 'failed' && trouble) return <Wrong trouble={trouble} again={props.again} />;
  if (end === 'broken' || end === 'stopped') {
    return (
      <div className="ending" role={end === 'broken' ? 'alert' : undefined}>
        {t(end === 'broken' ? 'play.broken' : 'play.stopped')}
        {end === 'broken' && retry}
      </div>
    );
  }
  const word = FINISHES[figures.finish as keyof typeof FINISHES] as
    | (typeof FINISHES)[keyof typeof FINISHES]
    | undefined;
  return word && end === 'done' ? <div className="ending">{t(word)}</div> : null;
}

const WRONG = {
  0: 'play.wrong.0',
  400: 'play.wrong.400',
  401: 'play.wrong.401',
  402: 'play.wrong.402',
  403: 'play.wrong.401',
  404: 'play.wrong.404',
  408: 'play.wrong.504',
  413: 'play.wrong.413',
  429: 'play.wrong.429',
  503: 'play.wrong.503',
  504: 'play.wrong.504',
  529: 'play.wrong.503',
} as const;

function Wrong(props: { trouble: Trouble; again: (() => void) | undefined }): ReactNode {
  const { t, f } = useWords();
  const { status, detail, again } = props.trouble;
  const now = useSeconds(again !== undefined && again > Date.now());
  const left = again === undefined ? 0 : Math.ceil((again - now) / 1000);
  const word = (WRONG as Record<number, (typeof WRONG)[keyof typeof WRONG]>)[status];
  return (
    <Alert
      color="red"
      variant="light"
      role="alert"
      icon={<IconAlertTriangle size={16} />}
      title={props.trouble.title ?? t(word ?? (status >= 500 ? 'play.wrong.500' : 'play.wrong.400'))}
    >
      {detail ?? t(status === 0 ? 'play.wrong.0.detail' : 'play.wrong.nothing', { status: String(status) })}
      {props.again && (
        <div className="row">
          <Button size="compact-xs" variant="default" disabled={left > 0} onClick={props.again}>
            {left > 0 ? t('play.again.in', { time: f.seconds(left) }) : t('play.again')}
          </Button>
        </div>
      )}
    </Alert>
  );
}

/** Whether the answer is of the form that was asked for. */
function Fits(props: { text: string; schema: string }): ReactNode {
  const { t } = useWords();
  const found = useMemo(() => {
    const { schema } = readSchema(props.schema);
    return schema === null ? null : verdict(props.text, schema);
  }, [props.text, props.schema]);
  if (found === null || found === 'nothing') return null;
  if (found === 'nojson' || found.length > 0) {
    return (
      <div className="fits" data-tone="bad">
        <Badge color="red">{found === 'nojson' ? t('play.fits.nojson') : t('play.fits.no')}</Badge>
        {found !== 'nojson' && (
          <ul>
            {found.map((each) => (
              <li key={each.path + each.code + each.want}>
                <code>{each.path}</code> {t(`play.misfit.${each.code}`, { want: each.want })}
              </li>
            ))}
          </ul>
        )}
      </div>
    );
  }
  return (
    <div className="fits">
      <Badge color="teal">{t('play.fits.yes')}</Badge>
    </div>
  );
}
