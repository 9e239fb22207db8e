/** What an answer uses and takes while it is being written, exact once the host and the ledger have said it. */
import { Badge, Popover, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useWords } from '../../i18n';
import type { Answer, Figures, Loss } from '../../lib/chat';
import { costOf, settledBy, speed, tokens } from '../../lib/costs';
import { byGravity, grave, lossSentence, severitySentence } from '../../lib/losses';
import { exchange } from './asking';
import type { Known } from './known';

export function Meter(props: { answer: Answer | undefined; known: Known }): ReactNode {
  const { t, f } = useWords();
  const { answer, known } = props;
  const over = answer !== undefined && answer.end !== null;
  const id = answer?.figures.requestId ?? null;
  const entry = useQuery({
    ...exchange(id ?? ''),
    enabled: over && id !== null && known.may('usage.read'),
  }).data;
  if (!answer) return <span>{t('play.figures')}</span>;
  const figures = settledBy(answer.figures, entry);
  const used = tokens(figures);
  const unused = answer.end === 'failed' && figures.output === null && figures.letters === 0;
  const pace = speed(figures);
  const about = (count: number, exact: boolean): string => (exact ? f.number(count) : `≈ ${f.number(count)}`);
  const losses = entry && entry.losses.length > 0 ? entry.losses : figures.losses;
  const more = losses === figures.losses ? figures.more : 0;
  return (
    <>
      {!unused && (
        <Figure
          word={t('play.in')}
          note={figures.cached > 0 ? t('play.cached', { count: figures.cached }) : undefined}
        >
          {about(used.input, figures.input !== null)}
        </Figure>
      )}
      {!unused && (
        <Figure
          word={t('play.out')}
          note={figures.thought > 0 ? t('play.thought.tokens', { count: figures.thought }) : undefined}
        >
          {about(used.output, used.exact)}
        </Figure>
      )}
      {!unused && <Cost figures={figures} model={answer.model} known={known} exact={entry} />}
      {figures.firstMs !== null && <Figure word={t('play.first')}>{f.ms(figures.firstMs)}</Figure>}
      {figures.totalMs !== null && <Figure word={t('play.total')}>{f.ms(figures.totalMs)}</Figure>}
      {pace !== null && (
        <span>
          <b>{f.number(Math.round(pace))}</b> {t('play.speed')}
        </span>
      )}
      {losses.length > 0 && <Losses losses={losses} more={more} />}
      {entry && id && (
        <Link to="/usage" search={{ entry: id }} className="trace">
          {t('play.trace')}
        </Link>
      )}
    </>
  );
}

function Figure(props: { word: string; note?: string | undefined; children: ReactNode }): ReactNode {
  return (
    <span>
      {props.word} <b>{props.children}</b>
      {props.note && <i> ({props.note})</i>}
    </span>
  );
}

function Cost(props: {
  figures: Figures;
  model: string;
  known: Known;
  exact: { cost: string | null; currency: string } | undefined;
}): ReactNode {
  const { t, f } = useWords();
  const { figures, exact } = props;
  const model = props.known.of(figures.offering ?? props.model);
  const currency = model?.currency ?? 'USD';
  const guessed = costOf(figures, model);
  if (exact?.cost !== undefined && exact.cost !== null)
    return <Figure word={t('play.cost')}>{f.money(exact.cost, exact.currency)}</Figure>;
  if (exact || guessed === null) {
    return (
      <Tooltip label={t('play.cost.unknown.detail')} multiline maw={280}>
        <span>
          {t('play.cost')} <b>{t('play.cost.unknown')}</b>
        </span>
      </Tooltip>
    );
  }
  return (
    <Figure word={t('play.cost')}>
      {guessed === 0 ? f.money(0, currency) : `≈ ${f.money(guessed.toPrecision(6), currency)}`}
    </Figure>
  );
}

function Losses(props: { losses: readonly Loss[]; more: number }): ReactNode {
  const { t } = useWords();
  const count = props.losses.length + props.more;
  return (
    <Popover width={420} position="top" shadow="md" withArrow trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton className="lossbutton">
          <Badge color={grave(props.losses) ? 'orange' : 'gray'}>{t('play.losses', { count })}</Badge>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className="lossbox" aria-label={t('play.losses', { count })}>
        <Text size="sm" c="dimmed">
          {t('play.losses.detail')}
        </Text>
        <ul className="lostlist">
          {byGravity(props.losses).map((loss) => (
            <li key={loss.code + loss.path}>
              <div>{t(lossSentence(loss))}</div>
              <small>
                <Badge size="xs" color={loss.severity === 'cosmetic' ? 'gray' : 'orange'}>
                  {t(severitySentence(loss))}
                </Badge>{' '}
                <code>{loss.path || loss.code}</code>
                {loss.detail && ` ${loss.detail}`}
              </small>
            </li>
          ))}
        </ul>
        {props.more > 0 && <Text size="xs">{t('play.losses.more', { count: props.more })}</Text>}
      </Popover.Dropdown>
    </Popover>
  );
}
