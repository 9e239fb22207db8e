/** A new source, or other words for one that there is: where its documents are, who may see them, how often to look. */
import {
  Button,
  Collapse,
  Group,
  PasswordInput,
  Radio,
  Select,
  Stack,
  TagsInput,
  TextInput,
} from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { ApiError } from '../../api/client';
import { teach } from '../../api/knowing';
import { renew } from '../../api/people';
import type { SourceShape } from '../../api/schema';
import { useWords } from '../../i18n';
import {
  FIELDS,
  type Field,
  hasPatterns,
  hasSecret,
  isNeeded,
  isSchedule,
  NUMBERS,
  reportsRights,
  SCHEDULES,
  SOURCE_KINDS,
  type SourceKind,
  settingsOf,
  spanOf,
} from '../../lib/known';
import { Meanwhile } from '../../ui/Meanwhile';
import { KIND_ICONS } from './kinds';
import { Readers } from './Readers';

const EVERY: Record<'content' | 'rights', number> = { content: 3600, rights: 900 };

const typedOf = (source: SourceShape | undefined): Partial<Record<Field, string>> =>
  Object.fromEntries(
    Object.entries(source?.settings ?? {})
      .filter(([, value]) => typeof value === 'string' || typeof value === 'number')
      .map(([name, value]) => [name, String(value)]),
  );
const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

export function Form(props: {
  was?: SourceShape;
  close: () => void;
  made: (source: SourceShape) => void;
}): ReactNode {
  const { t } = useWords();
  const [was, setWas] = useState(props.was);
  const [kind, setKind] = useState<SourceKind>(was?.kind ?? 'upload');
  const [name, setName] = useState(was?.name ?? '');
  const [typed, setTyped] = useState(typedOf(was));
  const [include, setInclude] = useState(listOf(was?.settings.include));
  const [exclude, setExclude] = useState(listOf(was?.settings.exclude));
  const [secret, setSecret] = useState('');
  const [readers, setReaders] = useState<string[]>((was?.readers ?? []).map(({ id }) => id));
  const [content, setContent] = useState(was?.content_every ?? EVERY.content);
  const [rights, setRights] = useState(was?.rights_every ?? EVERY.rights);
  const [more, setMore] = useState(include.length + exclude.length > 0);
  const save = useMutation({
    mutationFn: () => {
      const common = {
        name: name.trim(),
        settings: settingsOf(kind, typed, { include, exclude }, was?.settings),
        ...(secret ? { secret } : {}),
        readers,
        content_every: content,
        rights_every: rights,
      };
      return was ? teach.edit(was, common) : teach.add({ ...common, kind });
    },
    onSuccess: async (source) => {
      await renew('sources', 'documents', 'search-filters');
      props.made(source);
    },
  });
  const again = useMutation({
    mutationFn: () => teach.source(was?.id ?? ''),
    onSuccess: (found) => {
      setWas(found);
      setName(found.name);
      setTyped(typedOf(found));
      setInclude(listOf(found.settings.include));
      setExclude(listOf(found.settings.exclude));
      setReaders(found.readers.map(({ id }) => id));
      setContent(found.content_every);
      setRights(found.rights_every);
      save.reset();
    },
  });
  const moved =
    save.error instanceof ApiError && save.error.problem.type?.endsWith(':knowledge.sources.secret_again');
  const missing = FIELDS[kind].some((field) => isNeeded(kind, field) && !typed[field]?.trim());
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack gap="md">
        <Meanwhile error={again.error ?? save.error} again={() => again.mutate()} />
        {!was && <Kinds value={kind} change={setKind} />}
        <TextInput
          label={t('source.name')}
          description={t('source.name.detail')}
          required
          maxLength={100}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {FIELDS[kind].map((field) => (
          <TextInput
            key={field}
            label={t(`source.field.${field}`)}
            description={
              field === 'path' || field === 'url'
                ? t(`source.field.${field}.${kind as 'git'}`)
                : t(`source.field.${field}.detail`)
            }
            required={isNeeded(kind, field)}
            inputMode={NUMBERS.includes(field) ? 'numeric' : undefined}
            pattern={NUMBERS.includes(field) ? '[0-9]*' : undefined}
            spellCheck={false}
            autoComplete="off"
            value={typed[field] ?? ''}
            onChange={(event) => {
              const { value } = event.currentTarget;
              setTyped((before) => ({ ...before, [field]: value }));
            }}
          />
        ))}
        {hasSecret(kind) && (
          <PasswordInput
            label={t(`source.secret.${kind as 'git'}`)}
            description={t(was?.secret ? 'source.secret.kept' : `source.secret.${kind as 'git'}.detail`)}
            autoComplete="off"
            visibilityToggleButtonProps={{ 'aria-label': t('action.reveal') }}
            required={moved}
            error={moved}
            value={secret}
            onChange={(event) => setSecret(event.currentTarget.value)}
          />
        )}
        <Readers
          value={readers}
          change={setReaders}
          known={was?.readers ?? []}
          reports={reportsRights(kind)}
        />
        {kind !== 'upload' && (
          <div className="sourcepair">
            <Every label={t('source.every.content')} value={content} change={setContent} />
            {reportsRights(kind) && (
              <Every label={t('source.every.rights')} value={rights} change={setRights} />
            )}
          </div>
        )}
        {hasPatterns(kind) && (
          <div>
            <Button
              variant="subtle"
              size="compact-sm"
              aria-expanded={more}
              onClick={() => setMore((before) => !before)}
            >
              {t('source.some')}
            </Button>
            <Collapse expanded={more}>
              <div className="sourcepair">
                <Patterns name="include" value={include} change={setInclude} />
                <Patterns name="exclude" value={exclude} change={setExclude} />
              </div>
            </Collapse>
          </div>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={props.close}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" loading={save.isPending} disabled={!name.trim() || missing}>
            {t(was ? 'source.save' : 'source.create')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Kinds(props: { value: SourceKind; change: (kind: SourceKind) => void }): ReactNode {
  const { t } = useWords();
  return (
    <Radio.Group
      label={t('source.kind')}
      value={props.value}
      onChange={(kind) => props.change(kind as SourceKind)}
    >
      <div className="kindcards">
        {SOURCE_KINDS.map((kind) => {
          const Icon = KIND_ICONS[kind];
          return (
            <Radio.Card key={kind} value={kind} className="kindcard">
              <Icon size={18} stroke={1.6} aria-hidden />
              <span>
                <b>{t(`source.kind.${kind}`)}</b>
                <small>{t(`source.kind.${kind}.detail`)}</small>
              </span>
            </Radio.Card>
          );
        })}
      </div>
    </Radio.Group>
  );
}

function Every(props: { label: string; value: number; change: (seconds: number) => void }): ReactNode {
  const { t } = useWords();
  const odd = isSchedule(props.value) ? [] : [props.value];
  return (
    <Select
      label={props.label}
      allowDeselect={false}
      data={[...SCHEDULES, ...odd].map((seconds) => {
        const { count, unit } = spanOf(seconds);
        return {
          value: String(seconds),
          label: seconds === 0 ? t('source.every.never') : t(`source.every.${unit}`, { count }),
        };
      })}
      value={String(props.value)}
      onChange={(value) => value !== null && props.change(Number(value))}
    />
  );
}

function Patterns(props: {
  name: 'include' | 'exclude';
  value: string[];
  change: (patterns: string[]) => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <TagsInput
      label={t(`source.${props.name}`)}
      description={t(`source.${props.name}.detail`)}
      value={props.value}
      onChange={props.change}
      splitChars={[',', ' ']}
      acceptValueOnBlur
      clearable={false}
    />
  );
}
