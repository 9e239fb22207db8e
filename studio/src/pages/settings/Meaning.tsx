/** Tries a name: which model would answer, and by which steps. */
import { Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconArrowRight, IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { client, dataOf } from '../../api/client';
import { useWords } from '../../i18n';
import { Card, State } from '../../ui/parts';
import { Shown } from '../../ui/states';

export function Meaning(): ReactNode {
  const { t } = useWords();
  const [name, setName] = useState('');
  const [model] = useDebouncedValue(name.trim(), 250);
  const found = useQuery({
    queryKey: ['rules', 'explain', model],
    queryFn: () => dataOf(client.GET('/api/v1/explain', { params: { query: { model } } })),
    enabled: model !== '',
    placeholderData: keepPreviousData,
  });
  return (
    <Card title={t('names.try')} padded>
      <TextInput
        label={t('names.try.label')}
        placeholder="gpt-4o"
        leftSection={<IconSearch size={15} />}
        maxLength={300}
        autoComplete="off"
        spellCheck={false}
        className="narrowform"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {model !== '' && (
        <div className="meaning" aria-live="polite">
          <Shown query={found}>
            {({ steps, candidates, nearest }) => (
              <>
                <div className="steps">
                  {steps.map((step, index) => (
                    <span key={step}>
                      {index > 0 && <IconArrowRight size={14} aria-hidden />}
                      <span className="mono">{step}</span>
                    </span>
                  ))}
                </div>
                {candidates.length === 0 ? (
                  <Text size="sm">
                    {nearest.length > 0
                      ? t('names.try.nearest', { names: nearest.join(', ') })
                      : t('names.try.none')}
                  </Text>
                ) : (
                  <ul className="candidates">
                    {candidates.slice(0, 8).map((each) => (
                      <li key={each.offering}>
                        <State tone={each.chosen ? 'good' : 'none'}>
                          <span className="mono">{each.offering}</span>
                        </State>
                        <Text span size="sm" c="dimmed">
                          {each.reason}
                        </Text>
                      </li>
                    ))}
                  </ul>
                )}
              </>
            )}
          </Shown>
        </div>
      )}
    </Card>
  );
}
