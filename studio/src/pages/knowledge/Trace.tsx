/** How a question finds what it finds: candidates, their ranks by word and by meaning, and the filter of rights. */
import { Button, Table, TextInput } from '@mantine/core';
import { IconRoute, IconSearch } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { teach } from '../../api/knowing';
import type { PassageRankShape, TraceShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { Card, Facts, Scroll } from '../../ui/parts';
import { Empty, Flaws, Rows } from '../../ui/states';
import type { Go } from '../Knowledge';
import { useNamed } from './useReaders';

export function Trace(props: { go: Go }): ReactNode {
  const { t } = useWords();
  const [question, setQuestion] = useState('');
  const trace = useMutation({ mutationFn: (asked: string) => teach.trace(asked) });
  return (
    <div className="tracing">
      <form
        className="searchbox"
        onSubmit={(event) => {
          event.preventDefault();
          trace.mutate(question.trim());
        }}
      >
        <TextInput
          aria-label={t('trace.question')}
          placeholder={t('trace.question')}
          leftSection={<IconSearch size={16} aria-hidden />}
          maxLength={1000}
          value={question}
          onChange={(event) => setQuestion(event.currentTarget.value)}
        />
        <Button type="submit" loading={trace.isPending} disabled={question.trim() === ''}>
          {t('trace.go')}
        </Button>
      </form>
      <Flaws error={trace.error} />
      {trace.isPending ? (
        <Card>
          <Rows />
        </Card>
      ) : trace.data ? (
        <Told of={trace.data} go={props.go} />
      ) : (
        <Card>
          <Empty icon={<IconRoute size={20} />} title={t('trace.start')}>
            {t('trace.start.detail')}
          </Empty>
        </Card>
      )}
    </div>
  );
}

function Told(props: { of: TraceShape; go: Go }): ReactNode {
  const { t, f } = useWords();
  const named = useNamed();
  const { of: trace } = props;
  const words = (terms: string[]): ReactNode => (
    <span className="row">
      {terms.length === 0 ? '–' : null}
      {[...new Set(terms)].map((term) => (
        <code key={term} className="mark">
          {term}
        </code>
      ))}
    </span>
  );
  return (
    <>
      <Card title={t('trace.how')} padded>
        <Facts
          of={[
            [t('trace.terms'), words(trace.terms)],
            [t('trace.meaning'), trace.by_meaning ? trace.model || t('trace.yes') : t('search.bywords')],
            [
              t('trace.second'),
              trace.second_search ? (
                <span key="second">
                  {t('trace.second.yes')} {words(trace.second_terms)}
                </span>
              ) : (
                t('trace.second.no')
              ),
            ],
            [
              t('trace.rights'),
              <span key="rights" className="row">
                {trace.principals.map((each) => (
                  <span key={each.id} className="mark">
                    {t(`readers.kind.${each.kind}`)}: {named(each)}
                  </span>
                ))}
              </span>,
            ],
            [t('trace.took'), f.ms(trace.milliseconds)],
          ]}
        />
      </Card>
      <Card title={t('trace.candidates')}>
        {trace.candidates.length === 0 ? (
          <Empty icon={<IconRoute size={20} />} title={t('search.none')}>
            {t('search.none.detail')}
          </Empty>
        ) : (
          <Candidates of={trace.candidates} go={props.go} />
        )}
      </Card>
    </>
  );
}

function Candidates(props: { of: PassageRankShape[]; go: Go }): ReactNode {
  const { t, f } = useWords();
  const rank = (at: number | null, score: number | null): ReactNode =>
    at === null ? (
      '–'
    ) : (
      <>
        {f.number(at)}{' '}
        {score !== null && <span className="sub">({f.number(Math.round(score * 1000) / 1000)})</span>}
      </>
    );
  return (
    <Scroll stacks label={t('trace.candidates')}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('trace.passage')}</Table.Th>
            <Table.Th className="right">{t('trace.rank')}</Table.Th>
            <Table.Th className="right">{t('trace.byword')}</Table.Th>
            <Table.Th className="right">{t('trace.bymeaning')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {props.of.map((each) => (
            <Table.Tr key={`${each.document} ${each.number}`}>
              <Table.Td>
                <button
                  type="button"
                  className="plain breakable"
                  onClick={() => props.go({ doc: each.document })}
                >
                  {each.title}
                </button>{' '}
                {each.page !== null && <span className="sub">{t('search.page', { page: each.page })}</span>}
                <small className="sub candidatetext">{each.text}</small>
              </Table.Td>
              <Table.Td className="right num nowrap" data-label={t('trace.rank')}>
                {each.rank === null ? t('trace.out') : f.number(each.rank)}
              </Table.Td>
              <Table.Td className="right num nowrap" data-label={t('trace.byword')}>
                {rank(each.word_rank, null)}
              </Table.Td>
              <Table.Td className="right num nowrap" data-label={t('trace.bymeaning')}>
                {rank(each.meaning_rank, each.meaning_score)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scroll>
  );
}
