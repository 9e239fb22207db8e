/** One conversation, and what it costs. */
import { Badge, Text, Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { memo, type ReactNode, useEffect, useMemo, useRef } from 'react';
import { ApiError, client, dataOf } from '../../api/client';
import { useWords } from '../../i18n';
import type { Figures } from '../../lib/chat';
import { safeHtml } from '../../lib/markdown';
import { Code } from '../../ui/parts';
import { Flaws } from '../../ui/states';
import type { Answer, LaneState } from './lanes';

const NEAR_END = 80;

export function Lane(props: { lane: LaneState; children: ReactNode }): ReactNode {
  const { t } = useWords();
  const { lane } = props;
  const talk = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  useEffect(() => {
    if (lane.said.length > 0 && follows.current) talk.current?.scrollTo({ top: talk.current.scrollHeight });
  }, [lane.said]);
  return (
    <>
      <div
        className="talk"
        ref={talk}
        role="log"
        aria-label={t('play.talk', { model: lane.model })}
        aria-busy={lane.busy}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
        tabIndex={0}
        onScroll={({ currentTarget: box }) => {
          follows.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END;
        }}
      >
        {lane.said.length === 0 && props.children}
        {lane.said.map((said, index) => {
          const key = index;
          const last = index === lane.said.length - 1;
          return said.kind === 'turn' ? (
            <div key={key} className="said" data-role="user">
              {said.images && said.images.length > 0 && (
                <div className="pics">
                  {said.images.map((url, at) => (
                    <img key={url.slice(-40)} src={url} alt={t('play.picture', { count: at + 1 })} />
                  ))}
                </div>
              )}
              {said.text && <div className="bubble md">{said.text}</div>}
            </div>
          ) : (
            <div key={key} className="said" data-role="assistant">
              <Told answer={said} growing={last && lane.busy} />
            </div>
          );
        })}
      </div>
      <footer>
        {lane.figures ? <Meter figures={lane.figures} busy={lane.busy} /> : <span>{t('play.figures')}</span>}
      </footer>
    </>
  );
}

const Block = memo(function Block(props: { text: string }): ReactNode {
  const html = useMemo(() => safeHtml(props.text), [props.text]);
  // biome-ignore lint/security/noDangerouslySetInnerHtml: `safeHtml` lets nothing through but plain markup
  return <div className="md" dangerouslySetInnerHTML={{ __html: html }} />;
});

function Told(props: { answer: Answer; growing: boolean }): ReactNode {
  const { t } = useWords();
  const { answer, growing } = props;
  const quiet = answer.blocks.length === 0 && !answer.tail && !answer.reasoning && answer.tools.length === 0;
  return (
    <>
      {answer.reasoning && <div className="thought">{answer.reasoning}</div>}
      {answer.blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks are only ever appended
        <Block key={index} text={block} />
      ))}
      {answer.tail && <Block text={answer.tail} />}
      {answer.tools.map((call, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: calls are only ever appended
        <div key={index} style={{ marginTop: 10 }}>
          <Text size="xs" c="dimmed" mb={4}>
            {t('play.calls', { tool: call.name })}
          </Text>
          <Code text={call.arguments} label={call.name} />
        </div>
      ))}
      {growing && <span className="caret" />}
      {!growing && quiet && !answer.error && (
        <Text size="sm" c="dimmed">
          {t('play.nothing')}
        </Text>
      )}
      {answer.error !== undefined && <Flaws error={answer.error} />}
    </>
  );
}

/** What the ledger says of the exchange, once it is there. */
function useCost(
  requestId: string | null,
  over: boolean,
): { cost: string | null; currency: string } | undefined {
  const { data } = useQuery({
    queryKey: ['entry', requestId],
    queryFn: () =>
      dataOf(
        client.GET('/api/v1/usage/entries/{entry_id}', { params: { path: { entry_id: requestId ?? '' } } }),
      ),
    enabled: over && requestId !== null,
    retry: (count, error) => error instanceof ApiError && error.status === 404 && count < 12,
    retryDelay: 300,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data;
}

function Meter(props: { figures: Figures; busy: boolean }): ReactNode {
  const { t, f } = useWords();
  const { figures, busy } = props;
  const cost = useCost(figures.requestId, !busy);
  const output = figures.output ?? figures.pieces;
  const writing = (figures.totalMs ?? 0) - (figures.firstMs ?? 0);
  const speed = writing > 50 && output > 1 ? (output / writing) * 1000 : null;
  return (
    <>
      {figures.input !== null && (
        <span>
          {t('play.in')} <b>{f.number(figures.input)}</b>
        </span>
      )}
      <span>
        {t('play.out')} <b>{figures.output === null ? `≈ ${f.number(output)}` : f.number(output)}</b>
      </span>
      {figures.firstMs !== null && (
        <span>
          {t('play.first')} <b>{f.ms(figures.firstMs)}</b>
        </span>
      )}
      {figures.totalMs !== null && (
        <span>
          {t('play.total')} <b>{f.ms(figures.totalMs)}</b>
        </span>
      )}
      {speed !== null && (
        <span>
          <b>{f.number(Math.round(speed))}</b> {t('play.speed')}
        </span>
      )}
      {!busy && cost && (
        <span>
          {t('usage.cost')}{' '}
          <b>{cost.cost === null ? t('usage.unknown') : f.money(cost.cost, cost.currency)}</b>
        </span>
      )}
      {figures.losses && (
        <Tooltip label={figures.losses} multiline maw={360}>
          <Badge color="orange" variant="light" tabIndex={0}>
            {t('play.losses', { count: figures.losses.split(',').length })}
          </Badge>
        </Tooltip>
      )}
    </>
  );
}
