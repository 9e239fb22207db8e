/** An answer's Markdown: prose as plain markup, blocks of code with their language and a button that copies them. */
import { CopyButton } from '@mantine/core';
import { memo, type ReactNode, useMemo } from 'react';
import { useWords } from '../../i18n';
import { safeHtml, sections } from '../../lib/markdown';
import { painted } from '../../lib/paint';

export const Prose = memo(function Prose(props: { text: string }): ReactNode {
  const parts = useMemo(
    () =>
      sections(props.text).map((each) =>
        each.kind === 'code' ? each : { kind: 'html' as const, html: safeHtml(each.text) },
      ),
    [props.text],
  );
  return (
    <div className="md">
      {parts.map((each, index) =>
        each.kind === 'code' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts are only ever appended
          <Listing key={index} text={each.text} language={each.language} />
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above
          // biome-ignore lint/security/noDangerouslySetInnerHtml: `safeHtml` lets nothing through but plain markup
          <div key={index} dangerouslySetInnerHTML={{ __html: each.html }} />
        ),
      )}
    </div>
  );
});

export function Painted(props: { text: string; language: string }): ReactNode {
  const pieces = useMemo(() => painted(props.text, props.language), [props.text, props.language]);
  return pieces.map((piece, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other name
    <span key={index} data-tone={piece.tone}>
      {piece.text}
    </span>
  ));
}

export function Listing(props: {
  text: string;
  language: string;
  label?: string;
  tall?: boolean;
}): ReactNode {
  const { t } = useWords();
  return (
    <div className="listing" data-tall={props.tall || undefined}>
      <div className="bar">
        <span>{props.label ?? props.language}</span>
        <CopyButton value={props.text} timeout={1600}>
          {({ copied, copy }) => (
            <button type="button" className="copies" onClick={copy}>
              {copied ? t('action.copied') : t('play.copy.code')}
            </button>
          )}
        </CopyButton>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1) */}
      <pre role="group" tabIndex={0} aria-label={props.label ?? (props.language || t('play.copy.code'))}>
        <Painted text={props.text} language={props.language} />
      </pre>
    </div>
  );
}
