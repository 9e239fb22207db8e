/** The one card that stands before the studio. */
import { Anchor, Paper, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { choose, LANGUAGES, useWords } from '../../i18n';
import type { Language } from '../../lib/format';
import { Mark } from '../../ui/parts';
import './signin.css';

export function Front(props: { title: string; lead?: ReactNode; children: ReactNode }): ReactNode {
  const { language, t } = useWords();
  useEffect(() => {
    document.title = `${props.title} · Counterpoint`;
  }, [props.title]);
  return (
    <div className="front">
      <main>
        <Paper withBorder radius="lg" className="frontcard">
          <Stack gap="lg">
            <div className="brand">
              <Mark />
              Counterpoint
            </div>
            <div>
              <Title order={1}>{props.title}</Title>
              {props.lead && (
                <Text size="sm" c="dimmed" mt={4}>
                  {props.lead}
                </Text>
              )}
            </div>
            {props.children}
          </Stack>
        </Paper>
      </main>
      <nav aria-label={t('settings.language')} className="fronttongues">
        {(Object.keys(LANGUAGES) as Language[]).map((each) => (
          <Anchor
            key={each}
            component="button"
            type="button"
            size="xs"
            lang={each}
            aria-current={each === language || undefined}
            onClick={() => choose(each)}
          >
            {LANGUAGES[each]}
          </Anchor>
        ))}
      </nav>
    </div>
  );
}
