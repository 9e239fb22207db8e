/** A document at the side: what it is, who may see it and why, and, for its readers alone, its passages. */
import { Button, Drawer, Select, Stack, Tabs, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconCheck, IconFileSearch, IconLock, IconTrash, IconX } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { knowing, teach } from '../../api/knowing';
import { people, renew } from '../../api/people';
import { useMay } from '../../api/rights';
import type { DocumentShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { nameOf } from '../../lib/known';
import { More } from '../../ui/More';
import { Copy, Facts } from '../../ui/parts';
import { Sure } from '../../ui/Sure';
import { Empty, Shown } from '../../ui/states';
import { PassageText } from '../search/TextView';
import { FileState } from './Files';
import { useNamed } from './useReaders';

const VERSION = 12;

export function DocumentDrawer(props: { id: string | undefined; close: () => void }): ReactNode {
  const { t } = useWords();
  return (
    <Drawer
      opened={props.id !== undefined}
      onClose={props.close}
      position="right"
      size={640}
      title={t('document.title')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
      overlayProps={{ backgroundOpacity: 0.25 }}
    >
      {props.id !== undefined && <Document key={props.id} id={props.id} close={props.close} />}
    </Drawer>
  );
}

function Document(props: { id: string; close: () => void }): ReactNode {
  const { t } = useWords();
  const document = useQuery(knowing.document(props.id));
  return (
    <Shown query={document}>
      {(found) => (
        <Stack gap="md">
          <div className="documenthead">
            <h2 className="breakable">{found.title || nameOf(found.path).name}</h2>
            <FileState of={found} />
          </div>
          <Tabs defaultValue="facts" keepMounted={false}>
            <Tabs.List mb="md">
              <Tabs.Tab value="facts">{t('document.facts')}</Tabs.Tab>
              <Tabs.Tab value="readers">{t('document.readers')}</Tabs.Tab>
              <Tabs.Tab value="passages">{t('document.passages')}</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="facts">
              <About of={found} gone={props.close} />
            </Tabs.Panel>
            <Tabs.Panel value="readers">
              <Rights of={found} />
            </Tabs.Panel>
            <Tabs.Panel value="passages">
              <Passages of={found} />
            </Tabs.Panel>
          </Tabs>
        </Stack>
      )}
    </Shown>
  );
}

function About(props: { of: DocumentShape; gone: () => void }): ReactNode {
  const { t, f } = useWords();
  const may = useMay();
  const { of: file } = props;
  const language = file.language === 'fr' || file.language === 'en';
  return (
    <Stack gap="md">
      <Facts
        of={[
          [t('search.by.source'), file.source_name],
          [
            t('document.path'),
            <span key="path" className="mono">
              {file.path}
            </span>,
          ],
          [t('document.type'), file.media_type || '–'],
          [t('file.size'), f.bytes(file.size)],
          [
            t('search.by.language'),
            language ? t(`search.language.${file.language as 'fr'}`) : file.language || '–',
          ],
          [t('document.pages'), file.pages > 0 ? f.number(file.pages) : '–'],
          [t('document.passages'), f.number(file.passages)],
          [t('document.found'), t(file.embedded ? 'document.found.both' : 'document.found.words')],
          [t('file.modified'), file.modified ? f.dateTime(file.modified) : '–'],
          [t('file.read'), file.read_at ? f.dateTime(file.read_at) : '–'],
          ...(file.version
            ? ([
                [
                  t('document.version'),
                  <span key="version" className="row nowrap">
                    <code>{file.version.slice(0, VERSION)}</code>
                    <Copy value={file.version} label={t('document.version.copy')} />
                  </span>,
                ],
              ] as [string, ReactNode][])
            : []),
        ]}
      />
      {file.may_read && may('search.use') && file.state === 'ready' && (
        <Button
          variant="default"
          leftSection={<IconFileSearch size={15} />}
          renderRoot={(rest) => <Link to="/search" search={{ doc: file.id }} {...rest} />}
        >
          {t('document.open')}
        </Button>
      )}
      <Removal of={file} gone={props.gone} />
    </Stack>
  );
}

/** Of a file that people brought: what a source fetches itself would come back. */
function Removal(props: { of: DocumentShape; gone: () => void }): ReactNode {
  const { t } = useWords();
  const may = useMay();
  const { of: file, gone } = props;
  const [asked, setAsked] = useState(false);
  const sources = useQuery(knowing.sources());
  const remove = useMutation({
    mutationFn: () => teach.removeFile(file),
    onSuccess: async () => {
      gone();
      await renew('sources', 'documents');
    },
  });
  const uploaded = sources.data?.items.some(({ id, kind }) => id === file.source && kind === 'upload');
  if (!uploaded || !may('knowledge.write')) return null;
  return (
    <>
      <Button
        variant="default"
        className="danger"
        leftSection={<IconTrash size={15} />}
        onClick={() => setAsked(true)}
      >
        {t('document.remove')}
      </Button>
      <Sure
        asked={asked}
        title={`${t('document.remove')} · ${nameOf(file.path).name}`}
        text={t('document.remove.sure', { name: nameOf(file.path).name })}
        word={t('document.remove')}
        harsh
        error={remove.error}
        busy={remove.isPending}
        close={() => {
          setAsked(false);
          remove.reset();
        }}
        go={() => remove.mutate()}
      />
    </>
  );
}

function Rights(props: { of: DocumentShape }): ReactNode {
  const { t } = useWords();
  const { id } = props.of;
  const named = useNamed();
  const readers = useQuery(knowing.readers(id));
  return (
    <Stack gap="lg">
      <Shown query={readers}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="sub">{t('document.readers.none')}</p>
          ) : (
            <ul className="readers">
              {items.map((each) => (
                <li key={each.id}>
                  <span className="mark">{t(`readers.kind.${each.kind}`)}</span> {named(each)}
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
      <Why document={id} />
    </Stack>
  );
}

/** Whether somebody may see it, and through what. */
function Why(props: { document: string }): ReactNode {
  const { t } = useWords();
  const may = useMay();
  const named = useNamed();
  const [account, setAccount] = useState('');
  const [words, setWords] = useState('');
  const [asked] = useDebouncedValue(account.trim(), 300);
  const [q] = useDebouncedValue(words.trim(), 200);
  const knows = may('accounts.read');
  const accounts = useInfiniteQuery({ ...people.accounts(q, null), enabled: knows });
  const why = useQuery({ ...knowing.why(props.document, asked), enabled: asked !== '', retry: false });
  return (
    <section className="why" aria-label={t('why.title')}>
      {knows ? (
        <Select
          label={t('why.title')}
          placeholder={t('why.pick')}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': t('why.pick') }}
          nothingFoundMessage={t('readers.none')}
          filter={({ options }) => options}
          data={(accounts.data?.pages ?? []).flatMap(({ items }) =>
            items.map(({ id, name, login }) => ({ value: id, label: `${name} (${login})` })),
          )}
          value={account || null}
          onChange={(value) => setAccount(value ?? '')}
          searchValue={words}
          onSearchChange={setWords}
        />
      ) : (
        <TextInput
          label={t('why.title')}
          placeholder={t('why.login')}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={account}
          onChange={(event) => setAccount(event.currentTarget.value)}
        />
      )}
      <div aria-live="polite">
        {asked !== '' && (
          <Shown query={why}>
            {(found) => (
              <div className="whyword" data-may={found.may_read || undefined}>
                {found.may_read ? <IconCheck size={17} aria-hidden /> : <IconX size={17} aria-hidden />}
                <div>
                  <p>{found.sentence}</p>
                  {found.through.length > 0 && (
                    <p className="sub">
                      {t('why.through', {
                        names: found.through
                          .map((each) => `${t(`readers.kind.${each.kind}`)}: ${named(each)}`)
                          .join(', '),
                      })}
                    </p>
                  )}
                </div>
              </div>
            )}
          </Shown>
        )}
      </div>
    </section>
  );
}

function Passages(props: { of: DocumentShape }): ReactNode {
  const { t } = useWords();
  const may = useMay();
  const { of: file } = props;
  const open = file.may_read && may('search.use');
  const passages = useInfiniteQuery({ ...knowing.passages(file.id), enabled: open });
  if (!open) {
    return (
      <Empty icon={<IconLock size={20} />} title={t('document.closed')}>
        {t('document.closed.detail')}
      </Empty>
    );
  }
  return (
    <Shown query={passages}>
      {({ pages }) => {
        const items = pages.flatMap((page) => page.items);
        if (items.length === 0) return <p className="sub">{t('preview.notext')}</p>;
        return (
          <Stack gap="md">
            <ol className="passages">
              {items.map((passage) => (
                <li key={passage.number}>
                  <PassageText of={passage} />
                </li>
              ))}
            </ol>
            <More of={passages} />
          </Stack>
        );
      }}
    </Shown>
  );
}
