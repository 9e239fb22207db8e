/** One source: how fresh it is, bringing files to it, and its files with their states. */
import { Button } from '@mantine/core';
import { IconChevronLeft, IconFileOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { knowing } from '../../api/knowing';
import { useMay } from '../../api/rights';
import type { SourceShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { type KnowledgeSearch, placeOf, spanOf } from '../../lib/known';
import { Card, Facts, Page } from '../../ui/parts';
import { Empty, Shown } from '../../ui/states';
import type { Go } from '../Knowledge';
import { Acts } from './Acts';
import { Files } from './Files';
import { Freshness } from './Freshness';
import { Upload } from './Upload';
import { useReaders } from './useReaders';

export function OneSource(props: { id: string; asked: KnowledgeSearch; go: Go }): ReactNode {
  const { t } = useWords();
  const { id, asked, go } = props;
  const sources = useQuery(knowing.sources());
  const source = sources.data?.items.find((each) => each.id === id);
  const back = (): void => go({ source: undefined, state: undefined, doc: undefined });
  return (
    <Page
      title={source?.name ?? t('nav.knowledge')}
      lead={source && [t(`source.kind.${source.kind}`), placeOf(source)].filter(Boolean).join(' · ')}
      actions={
        <>
          <Button variant="default" leftSection={<IconChevronLeft size={16} />} onClick={back}>
            {t('source.all')}
          </Button>
          {source && <Acts source={source} gone={back} />}
        </>
      }
    >
      <Shown query={sources} apart>
        {() =>
          source ? (
            <>
              <About of={source} />
              <Files source={source} asked={asked} go={go} />
            </>
          ) : (
            <Card>
              <Empty icon={<IconFileOff size={20} />} title={t('source.missing')}>
                {t('source.missing.detail')}
              </Empty>
            </Card>
          )
        }
      </Shown>
    </Page>
  );
}

function About(props: { of: SourceShape }): ReactNode {
  const { t } = useWords();
  const may = useMay();
  const { of: source } = props;
  const readers = useReaders();
  const often = (seconds: number): string => {
    const { count, unit } = spanOf(seconds);
    return seconds === 0 ? t('source.every.never') : t(`source.every.${unit}`, { count });
  };
  const uploads = source.kind === 'upload';
  return (
    <div className="sourceabout">
      <section className="card" aria-label={t('source.freshness')}>
        <Freshness of={source} />
        <div className="body">
          <Facts
            of={[
              [t('readers.label'), readers(source)],
              ...(uploads
                ? []
                : ([
                    [t('source.every.content'), often(source.content_every)],
                    [t('source.every.rights'), often(source.rights_every)],
                  ] as [string, ReactNode][])),
            ]}
          />
          {source.removing && <p className="sub aboutword">{t('source.removing')}</p>}
          {source.paused && <p className="sub aboutword">{t('source.paused.detail')}</p>}
        </div>
      </section>
      {uploads && may('knowledge.write') && !source.removing && <Upload source={source} />}
    </div>
  );
}
