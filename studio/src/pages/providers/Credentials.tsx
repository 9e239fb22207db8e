/** The credentials of a provider: an API key mostly, a pair, a file or an application where the host takes those. */
import { PasswordInput, SegmentedControl, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useWords } from '../../i18n';
import { type Answers, composed, type Field, type Form, formOf } from '../../lib/credentials';

const KINDS = ['header', 'aws', 'google', 'entra', 'ibm', 'machine'] as const;
const FIELDS = [
  'secret',
  'file',
  'access_key_id',
  'secret_access_key',
  'session_token',
  'role_arn',
  'external_id',
  'tenant_id',
  'client_id',
  'client_secret',
] as const;

export function Credentials(props: {
  forms: readonly Form[];
  optional?: boolean;
  focus?: boolean;
  error?: string;
  change: (secret: string) => void;
}): ReactNode {
  const { t } = useWords();
  const [kind, setKind] = useState('');
  const [answers, setAnswers] = useState<Answers>({});
  const form = formOf(props.forms, kind);
  const choose = (chosen: string): void => {
    setKind(chosen);
    props.change(composed(formOf(props.forms, chosen), answers));
  };
  const answer = (name: string, text: string): void => {
    const all = { ...answers, [name]: text };
    setAnswers(all);
    props.change(composed(form, all));
  };
  return (
    <Stack gap="md">
      {props.forms.length > 1 && (
        <SegmentedControl
          aria-label={t('providers.credentials')}
          value={form.kind}
          onChange={choose}
          data={props.forms.map((each) => {
            const known = KINDS.find((name) => name === each.kind);
            return { value: each.kind, label: known ? t(`providers.credentials.${known}`) : each.kind };
          })}
        />
      )}
      {form.kind === 'machine' && (
        <Text size="sm" c="dimmed">
          {t('providers.credentials.machine.detail')}
        </Text>
      )}
      {form.fields.map((field, place) => (
        <One
          key={`${form.kind} ${field.name}`}
          field={field}
          value={answers[field.name] ?? ''}
          optional={props.optional === true}
          focus={props.focus === true && place === 0}
          error={field.required && !answers[field.name]?.trim() ? props.error : undefined}
          change={(text) => answer(field.name, text)}
        />
      ))}
    </Stack>
  );
}

function One(props: {
  field: Field;
  value: string;
  optional: boolean;
  focus: boolean;
  error: string | undefined;
  change: (text: string) => void;
}): ReactNode {
  const { t } = useWords();
  const { field } = props;
  const known = FIELDS.find((name) => name === field.name);
  const title = known === undefined ? field.name : t(`providers.credentials.field.${known}`);
  const common = {
    label: known === 'secret' ? t('providers.secret') : title,
    value: props.value,
    error: props.error,
    autoComplete: 'off',
    spellCheck: false,
    'data-autofocus': props.focus || undefined,
  };
  const kept = props.optional
    ? `${t('providers.secret.detail')} ${t('providers.secret.optional')}`
    : t('providers.secret.detail');
  if (known === 'file') {
    return (
      <Textarea
        {...common}
        description={t('providers.credentials.field.file.detail')}
        autosize
        minRows={3}
        maxRows={8}
        onChange={(event) => props.change(event.currentTarget.value)}
      />
    );
  }
  if (field.hidden) {
    return (
      <PasswordInput
        {...common}
        description={kept}
        onChange={(event) => props.change(event.currentTarget.value)}
        visibilityToggleButtonProps={{ 'aria-label': t('action.reveal') }}
      />
    );
  }
  return (
    <TextInput
      {...common}
      description={field.required ? undefined : t('providers.credentials.optional')}
      onChange={(event) => props.change(event.currentTarget.value)}
    />
  );
}
