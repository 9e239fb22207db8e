/** The sources, each with how fresh its content and its rights are. */
import { Button } from '@mantine/core';
import { IconBooks } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { knowing } from '../../api/knowing';
import { useMay } from '../../api/rights';
import type { SourceShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { placeOf } from '../../lib/known';
import { Card } from '../../ui/parts';
import { Empty, Shown } from '../../ui/states';
import type { Go } from '../Knowledge';
import { Acts } from './Acts';
import { Freshness } from './Freshness';
import { KIND_ICONS } from './kinds';
import { useReaders } from './useReaders';

export function Sources(props: { add: () => void; go: Go }): ReactNode {
  const { t } = useWords();
  const may = useMay();
  const sources = useQuery(knowing.sources());
  return (
    <Shown query={sources} apart>
      {({ items }) =>
        items.length > 0 ? (
          <ul className="sources">
            {items.map((source) => (
              <One key={source.id} of={source} go={props.go} />
            ))}
          </ul>
        ) : (
          <Card>
            <Empty
              icon={<IconBooks size={20} />}
              title={t('knowledge.none')}
              action={
                may('knowledge.write') && (
                  <Button variant="default" mt={6} onClick={props.add}>
                    {t('knowledge.add')}
                  </Button>
                )
              }
            >
              {t('knowledge.none.detail')}
            </Empty>
          </Card>
        )
      }
    </Shown>
  );
}

function One(props: { of: SourceShape; go: Go }): ReactNode {
  const { t } = useWords();
  const { of: source, go } = props;
  const readers = useReaders();
  const Icon = KIND_ICONS[source.kind];
  const open = (): void => go({ source: source.id });
  return (
    <li className="card source">
      <div className="sourcehead">
        <span className="glyph" aria-hidden>
          <Icon size={18} stroke={1.6} />
        </span>
        <div className="grow">
          <button type="button" className="plain breakable" onClick={open}>
            {source.name}
          </button>
          <p className="sub clip" title={placeOf(source)}>
            {[t(`source.kind.${source.kind}`), placeOf(source)].filter(Boolean).join(' · ')}
          </p>
        </div>
        <Acts source={source} gone={() => undefined} />
      </div>
      <Freshness of={source} />
      <p className="sub sourcefoot">
        <span>{t('source.seenby', { names: readers(source) })}</span>
        {source.removing && <span className="mark">{t('source.removing')}</span>}
        {source.paused && <span className="mark">{t('source.paused')}</span>}
      </p>
    </li>
  );
}
