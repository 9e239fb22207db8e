/** A field for JSON: what is wrong is said at once and in words, and an example is a click away. */
import { Button, Textarea } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useWords } from '../../i18n';
import { parse } from '../../lib/json';

export function CodeField(props: {
  label: string;
  detail: string;
  value: string;
  change: (value: string) => void;
  example: string;
  flaws: readonly string[];
  good: string | null;
}): ReactNode {
  const { t } = useWords();
  const { value, flaws } = props;
  const tidy = (): void => {
    const found = parse(value);
    if (value.trim() && 'value' in found) props.change(JSON.stringify(found.value, null, 2));
  };
  return (
    <div className="codefield">
      <Textarea
        label={props.label}
        description={props.detail}
        autosize
        minRows={3}
        maxRows={16}
        spellCheck={false}
        value={value}
        onChange={(event) => props.change(event.currentTarget.value)}
        onBlur={tidy}
        error={flaws.length > 0 ? flaws.slice(0, 4).map((flaw) => <div key={flaw}>{flaw}</div>) : undefined}
        classNames={{ input: 'mono' }}
      />
      <div className="row">
        {value.trim() === '' ? (
          <Button size="compact-xs" variant="default" onClick={() => props.change(props.example)}>
            {t('play.example.insert')}
          </Button>
        ) : (
          <Button size="compact-xs" variant="default" onClick={() => props.change('')}>
            {t('play.example.empty', { name: props.label })}
          </Button>
        )}
        {props.good && (
          <span className="goodfield">
            <IconCheck size={14} aria-hidden />
            {props.good}
          </span>
        )}
      </div>
    </div>
  );
}
