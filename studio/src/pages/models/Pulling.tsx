/** Which model to fetch: those that the platform knows by name, or one from elsewhere. */
import { Button, Stack, Text, TextInput } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { askCatalogue } from '../../api/catalogue';
import { useWords } from '../../i18n';
import { fitOf } from '../../lib/room';
import { Flaws, Shown } from '../../ui/states';
import { Group } from './Local';
import { usePull } from './pull';
import { useNamed } from './words';

export function Pulling(props: { done: () => void }): ReactNode {
  const { t, f } = useWords();
  const named = useNamed();
  const shelf = useQuery(askCatalogue.shelf());
  const [source, setSource] = useState('');
  const pull = usePull(props.done);
  return (
    <Stack gap="lg">
      <Flaws error={pull.error} />
      <Group title={t('models.pull.offered')}>
        <Shown query={shelf}>
          {({ items, memory }) => (
            <ul className="shelf">
              {items.map((model) => {
                const fit = fitOf(model.memory_bytes, memory);
                return (
                  <li key={model.name}>
                    <div className="grow">
                      <Text size="sm" fw={500}>
                        {model.name}
                      </Text>
                      <div className="sub num">
                        {[
                          t(model.kind === 'chat' ? 'models.kind.chat' : 'models.kind.embed'),
                          t('models.pull.size', { size: f.bytes(model.size) }),
                          t('models.pull.memory', { size: f.bytes(model.memory_bytes) }),
                          named.licence(model.licence),
                        ].join(' · ')}
                      </div>
                      {!model.present && (
                        <div className="sub">
                          {t(
                            fit === 'fits'
                              ? 'models.room.fits'
                              : fit === 'never'
                                ? 'models.room.never'
                                : 'models.room.crowded',
                          )}
                        </div>
                      )}
                    </div>
                    {model.present ? (
                      <span className="state sub">
                        <IconCheck size={14} aria-hidden /> {t('models.pull.present')}
                      </span>
                    ) : (
                      <Button
                        size="xs"
                        variant="default"
                        loading={pull.isPending && pull.variables === model.name}
                        onClick={() => pull.mutate(model.name)}
                        aria-label={`${t('models.pull.submit')}: ${model.name}`}
                      >
                        {t('models.pull.submit')}
                      </Button>
                    )}
                  </li>
                );
              })}
            </ul>
          )}
        </Shown>
      </Group>
      <Group title={t('models.pull.other')}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (source.trim()) pull.mutate(source.trim());
          }}
        >
          <Stack gap="sm">
            <TextInput
              label={t('models.pull.source')}
              description={t('models.pull.detail')}
              placeholder="hf:org/model-GGUF/model-Q4_K_M.gguf"
              spellCheck={false}
              autoComplete="off"
              value={source}
              onChange={(event) => setSource(event.currentTarget.value)}
            />
            <Button type="submit" loading={pull.isPending} disabled={!source.trim()}>
              {t('models.pull.submit')}
            </Button>
          </Stack>
        </form>
      </Group>
    </Stack>
  );
}
