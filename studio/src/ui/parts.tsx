/** Small parts that every page is made of. */
import { ActionIcon, CopyButton, Text, Title, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { type ReactNode, useEffect } from 'react';
import { useWords } from '../i18n';

export function Page(props: {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  fill?: boolean;
  children: ReactNode;
}): ReactNode {
  useEffect(() => {
    document.title = `${props.title} · Counterpoint`;
  }, [props.title]);
  return (
    <div className="page" data-fill={props.fill || undefined} data-wide={props.fill || undefined}>
      <div className="pagehead">
        <div>
          <Title order={1}>{props.title}</Title>
          {props.lead && (
            <Text size="sm" c="dimmed" mt={2}>
              {props.lead}
            </Text>
          )}
        </div>
        {props.actions && <div className="row">{props.actions}</div>}
      </div>
      {props.children}
    </div>
  );
}

export function Card(props: {
  title?: string;
  aside?: ReactNode;
  padded?: boolean;
  children: ReactNode;
}): ReactNode {
  return (
    <section className="card" aria-label={props.title}>
      {props.title && (
        <header>
          <Title order={2}>{props.title}</Title>
          {props.aside}
        </header>
      )}
      {props.padded ? <div className="body">{props.children}</div> : props.children}
    </section>
  );
}

/** A table that scrolls sideways in its own frame, by keyboard too. */
/** What is too wide scrolls. `stacks`: on a narrow screen each row of its table stands as a block instead, a cell below
 * the other, with what its `data-label` says before it. */
export function Scroll(props: { label: string; stacks?: boolean; children: ReactNode }): ReactNode {
  const kind = props.stacks ? 'scroll stacks' : 'scroll';
  return (
    // biome-ignore lint/a11y/useSemanticElements: a section would be a landmark for every table
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
    <div className={kind} role="group" aria-label={props.label} tabIndex={0}>
      {props.children}
    </div>
  );
}

export type Tone = 'good' | 'busy' | 'bad' | 'none';

export function State(props: { tone: Tone; children: ReactNode }): ReactNode {
  return (
    <span className="state">
      <span className="dot" data-tone={props.tone} aria-hidden />
      {props.children}
    </span>
  );
}

export function Copy(props: { value: string; label?: string }): ReactNode {
  const { t } = useWords();
  return (
    <CopyButton value={props.value} timeout={1600}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? t('action.copied') : (props.label ?? t('action.copy'))}>
          <ActionIcon onClick={copy} aria-label={props.label ?? t('action.copy')} size="md">
            {copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}

export function Code(props: { text: string; label: string; max?: number }): ReactNode {
  return (
    <div className="code">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1) */}
      <pre role="group" tabIndex={0} aria-label={props.label} style={{ maxHeight: props.max }}>
        {props.text}
      </pre>
      <Copy value={props.text} />
    </div>
  );
}

export function Stat(props: { label: string; children: ReactNode; note?: ReactNode }): ReactNode {
  return (
    <div className="stat">
      <dt>{props.label}</dt>
      <dd>
        {props.children}
        {props.note && <small>{props.note}</small>}
      </dd>
    </div>
  );
}

export function Facts(props: { of: [string, ReactNode][] }): ReactNode {
  return (
    <dl className="facts">
      {props.of.map(([label, value]) => (
        <div key={label} style={{ display: 'contents' }}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Mark(): ReactNode {
  return (
    <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">
      <path className="a" d="M3 11c6 0 7 10 13 10s7-10 13-10" />
      <path className="b" d="M3 21c6 0 7-10 13-10s7 10 13 10" />
    </svg>
  );
}
