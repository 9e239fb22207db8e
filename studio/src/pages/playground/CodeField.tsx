/** A field for JSON: what is wrong is said at once and in words, and an example is a click away. */
import { Button, Textarea } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useWords } from '../../i18n';

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
        error={
          flaws.length > 0
            ? flaws.slice(0, 4).map((flaw) => (
                <span key={flaw} className="flaw">
                  {flaw}
                </span>
              ))
            : undefined
        }
        classNames={{ input: 'mono' }}
      />
      <div className="row">
        {/* One button that changes its mind: a new one would lose the focus, and with it the Escape key. */}
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => props.change(value.trim() === '' ? props.example : '')}
        >
          {value.trim() === '' ? t('play.example.insert') : t('play.example.empty', { name: props.label })}
        </Button>
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
