/** What the documents say about a question: sentences with numbered sources, or, calmly, that they do not say it. */
import { Button } from '@mantine/core';
import { IconAlertTriangle, IconArrowsSplit2, IconReceipt } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { knowing } from '../../api/knowing';
import type { AnswerShape, ClaimShape, ConflictShape, SpanShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { Citations, keyOf } from '../../lib/cited';
import type { Filters } from '../../lib/found';
import { nameOf } from '../../lib/known';
import { Card } from '../../ui/parts';
import { Rows, Shown } from '../../ui/states';
import type { Place } from './place';
import { useWhere } from './useWhere';

type Open = (place: Place) => void;

export function Answer(props: {
  question: string;
  filters: Filters;
  open: Open;
  receipt: (id: string) => void;
}): ReactNode {
  const { t } = useWords();
  const answer = useQuery(knowing.answer(props.question, props.filters));
  const found = answer.data;
  const near = useQuery(knowing.search(props.question, props.filters)).data?.items.length ?? 0;
  return (
    <Card
      title={t('answer.title')}
      aside={
        found && (
          <div className="row">
            {found.found && <span className="mark">{t(`answer.mode.${found.mode}`)}</span>}
            <Button
              size="compact-sm"
              variant="subtle"
              leftSection={<IconReceipt size={14} />}
              onClick={() => props.receipt(found.receipt)}
            >
              {t('receipt.title')}
            </Button>
          </div>
        )
      }
    >
      <div aria-live="polite">
        <Shown query={answer} waiting={<Rows count={2} />}>
          {(data) => <Told answer={data} near={near > 0} open={props.open} />}
        </Shown>
      </div>
    </Card>
  );
}

/** An answer's sentences, its sources, and where they contradict each other. */
export function Told(props: { answer: AnswerShape; near?: boolean; open?: Open }): ReactNode {
  const { t } = useWords();
  const { answer, open } = props;
  const cited = new Citations(answer);
  const remarks = answer.remarks.map((remark) => (
    <p key={remark} className="sub">
      {remark}
    </p>
  ));
  if (!answer.found) {
    return (
      <div className="answer">
        <p className="answernone">{t('answer.nothing')}</p>
        {props.near && <p className="sub">{t('answer.near')}</p>}
        {remarks}
      </div>
    );
  }
  return (
    <div className="answer">
      {answer.claims.map((claim, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: sentences have no other name, and never move
        <Claim key={index} of={claim} quoted={answer.mode === 'quotes'} cited={cited} open={open} />
      ))}
      {answer.missing.length > 0 && (
        <p className="sub">{t('answer.missing', { parts: answer.missing.join(', ') })}</p>
      )}
      {remarks}
      {answer.conflicts.map((conflict) => (
        <Conflict
          key={conflict.about + conflict.spans.map(keyOf).join()}
          of={conflict}
          cited={cited}
          open={open}
        />
      ))}
      <ol className="answersources" aria-label={t('answer.sources')}>
        {cited.sources.map((source) => (
          <li key={source.document}>
            <span className="cite" aria-hidden>
              {source.number}
            </span>
            <Opens span={source.span} open={open}>
              {source.title || nameOf(source.path).name}
            </Opens>
          </li>
        ))}
      </ol>
    </div>
  );
}

function Claim(props: { of: ClaimShape; quoted: boolean; cited: Citations; open?: Open }): ReactNode {
  const { t } = useWords();
  const { of: claim, quoted, cited, open } = props;
  const Part = quoted ? 'blockquote' : 'p';
  return (
    <Part className="claim" data-state={claim.state}>
      <span>{claim.sentence || <i>{t('answer.hidden')}</i>}</span>{' '}
      {claim.spans.map((span) => (
        <Cite key={keyOf(span)} span={span} number={cited.numberOf(span)} open={open} />
      ))}
      {claim.state === 'marked' && (
        <span className="doubt">
          <IconAlertTriangle size={13} aria-hidden /> {t('answer.marked')} {claim.reasons.join(' ')}
        </span>
      )}
    </Part>
  );
}

function Conflict(props: { of: ConflictShape; cited: Citations; open?: Open }): ReactNode {
  const { t } = useWords();
  const { of: conflict, cited, open } = props;
  return (
    <section className="conflict" aria-label={t('answer.conflict')}>
      <h3>
        <IconArrowsSplit2 size={15} aria-hidden /> {t(`answer.conflict.${conflict.kind}`)}
      </h3>
      {conflict.about && <p className="sub">{t('answer.conflict.about', { about: conflict.about })}</p>}
      <ul>
        {conflict.spans.map((span) => (
          <li key={keyOf(span)}>
            {span.quote ? <q>{span.quote}</q> : <i>{t('answer.hidden')}</i>}{' '}
            <Cite span={span} number={cited.numberOf(span)} open={open} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Cite(props: { span: SpanShape; number: number; open?: Open }): ReactNode {
  const { t } = useWords();
  const where = useWhere();
  const { span, number, open } = props;
  const label = [t('answer.source', { number: String(number) }), span.title || span.path, where(span)]
    .filter(Boolean)
    .join(', ');
  if (!open)
    return (
      <span className="cite" title={label}>
        {number}
      </span>
    );
  return (
    <button
      type="button"
      className="cite"
      aria-label={label}
      title={label}
      onClick={() => open(placeOf(span))}
    >
      {number}
    </button>
  );
}

function Opens(props: { span: SpanShape; open?: Open; children: ReactNode }): ReactNode {
  const where = useWhere()(props.span);
  const { open, span } = props;
  return (
    <span className="breakable">
      {open ? (
        <button type="button" className="plain" onClick={() => open(placeOf(span))}>
          {props.children}
        </button>
      ) : (
        <b>{props.children}</b>
      )}
      <span className="sub">
        {[span.title ? nameOf(span.path).name : '', where]
          .filter(Boolean)
          .map((each) => ` · ${each}`)
          .join('')}
      </span>
    </span>
  );
}

function placeOf({ document, start, end, page, cell, boxes }: SpanShape): Place {
  return { document, start, end, page, cell, boxes };
}
