/** The one box: what somebody wants to know. */
import { Button, TextInput } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { type ReactNode, useRef, useState } from 'react';
import { useWords } from '../../i18n';

export function Box(props: { question: string; busy: boolean; ask: (question: string) => void }): ReactNode {
  const { t } = useWords();
  const [words, setWords] = useState(props.question);
  const box = useRef<HTMLInputElement>(null);
  useHotkeys([['/', () => box.current?.select()]]);
  return (
    <search>
      <form
        className="searchbox"
        onSubmit={(event) => {
          event.preventDefault();
          props.ask(words.trim());
        }}
      >
        <TextInput
          ref={box}
          type="search"
          size="md"
          aria-label={t('search.box')}
          placeholder={t('search.box.hint')}
          autoFocus={props.question === ''}
          maxLength={1000}
          leftSection={<IconSearch size={18} aria-hidden />}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowDown') return;
            event.preventDefault();
            document.querySelector<HTMLElement>('.foundlist button.plain')?.focus();
          }}
        />
        <Button type="submit" size="md" loading={props.busy} disabled={words.trim() === ''}>
          {t('search.go')}
        </Button>
      </form>
    </search>
  );
}
