/** A source's documents, each with its state, why it was not read, and when that is tried again. */
import { SegmentedControl, Select, Table, TextInput } from '@mantine/core';
import { useDebouncedValue, useMediaQuery } from '@mantine/hooks';
import { IconFiles, IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { knowing } from '../../api/knowing';
import type { DocumentShape, SourceShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { type DocumentState, type KnowledgeSearch, nameOf, STATES, TONES } from '../../lib/known';
import { More } from '../../ui/More';
import { Card, Scroll, State } from '../../ui/parts';
import { Empty, Shown } from '../../ui/states';
import type { Go } from '../Knowledge';

const ALL = 'all';

export function Files(props: { source: SourceShape; asked: KnowledgeSearch; go: Go }): ReactNode {
  const { t } = useWords();
  const { source, asked, go } = props;
  const [words, setWords] = useState('');
  const [q] = useDebouncedValue(words.trim(), 200);
  const found = useInfiniteQuery(knowing.documents(source.id, asked.state, q));
  const narrow = useMediaQuery('(max-width: 900px)', false, { getInitialValueInEffect: false });
  const states = [
    { value: ALL, label: t('file.state.all') },
    ...STATES.map((value) => ({ value, label: t(`file.state.${value}`) })),
  ];
  const choose = (value: string | null): void =>
    go({ state: value === ALL || value === null ? undefined : (value as DocumentState) });
  return (
    <section className="files" aria-label={t('files.title')}>
      <div className="filefind">
        <TextInput
          aria-label={t('files.find')}
          placeholder={t('files.find')}
          leftSection={<IconSearch size={15} />}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        {narrow ? (
          <Select
            aria-label={t('file.state')}
            allowDeselect={false}
            data={states}
            value={asked.state ?? ALL}
            onChange={choose}
          />
        ) : (
          <SegmentedControl
            aria-label={t('file.state')}
            data={states}
            value={asked.state ?? ALL}
            onChange={choose}
          />
        )}
      </div>
      <Card>
        <Shown query={found}>
          {({ pages }) => {
            const items = pages.flatMap((page) => page.items);
            if (items.length > 0) return <FileTable items={items} go={go} />;
            const some = asked.state !== undefined || q !== '';
            return (
              <Empty icon={<IconFiles size={20} />} title={t(some ? 'files.nonefit' : 'files.none')}>
                {t(
                  some
                    ? 'files.nonefit.detail'
                    : source.kind === 'upload'
                      ? 'files.none.upload'
                      : 'files.none.detail',
                )}
              </Empty>
            );
          }}
        </Shown>
        <More of={found} />
      </Card>
    </section>
  );
}

function FileTable(props: { items: DocumentShape[]; go: Go }): ReactNode {
  const { t, f } = useWords();
  return (
    <Scroll stacks label={t('files.title')}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('file.name')}</Table.Th>
            <Table.Th>{t('file.state')}</Table.Th>
            <Table.Th className="right">{t('file.size')}</Table.Th>
            <Table.Th>{t('file.modified')}</Table.Th>
            <Table.Th>{t('file.read')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {props.items.map((file) => (
            <Table.Tr key={file.id}>
              <Table.Td>
                <FileName of={file} open={() => props.go({ doc: file.id })} />
              </Table.Td>
              <Table.Td data-label={t('file.state')}>
                <FileState of={file} />
              </Table.Td>
              <Table.Td className="right nowrap num" data-label={t('file.size')}>
                {f.bytes(file.size)}
              </Table.Td>
              <Table.Td
                className="nowrap"
                data-label={t('file.modified')}
                title={file.modified ? f.dateTime(file.modified) : undefined}
              >
                {file.modified ? f.date(file.modified) : '–'}
              </Table.Td>
              <Table.Td
                className="nowrap"
                data-label={t('file.read')}
                title={file.read_at ? f.dateTime(file.read_at) : undefined}
              >
                {file.read_at ? f.ago(file.read_at) : '–'}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scroll>
  );
}

function FileName(props: { of: DocumentShape; open: () => void }): ReactNode {
  const { title, path } = props.of;
  const { folder, name } = nameOf(path);
  const below = [folder, title && title !== name ? title : ''].filter(Boolean).join(' · ');
  return (
    <>
      <button type="button" className="plain breakable" onClick={props.open}>
        {name}
      </button>
      {below && <small className="sub breakable filebelow">{below}</small>}
    </>
  );
}

export function FileState(props: { of: DocumentShape }): ReactNode {
  const { t, f } = useWords();
  const { state, reason, next_at, tries, embedded } = props.of;
  const later = state === 'failed' && next_at !== null;
  return (
    <div className="filestate">
      <State tone={TONES[state]}>{t(`file.state.${state}`)}</State>
      {state === 'ready' && !embedded && <span className="sub">{t('file.bywords')}</span>}
      {reason && state !== 'ready' && <span className="sub">{reason}</span>}
      {later && (
        <span className="sub" title={f.dateTime(next_at)}>
          {t('file.again', { ago: f.ago(next_at), count: tries })}
        </span>
      )}
    </div>
  );
}
