/** One model with everyone who serves it, and several side by side. */
import { Anchor, Badge, Button, Group, Stack, Table, Text, Title, VisuallyHidden } from '@mantine/core';
import { IconMessages } from '@tabler/icons-react';
import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ask } from '../../api/queries';
import type { ModelDetailShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { Facts, Scroll } from '../../ui/parts';
import { Failure, Rows, Shown } from '../../ui/states';
import { priceOf } from '../Models';

function useFacts(): (model: ModelDetailShape) => [string, ReactNode][] {
  const { t, f } = useWords();
  return (model) => [
    [t('models.maker'), [model.maker, model.maker_country].filter(Boolean).join(', ')],
    [
      t('models.licence'),
      [
        model.licence,
        model.open_weights === null ? '' : model.open_weights ? t('models.open') : t('models.closed'),
      ]
        .filter(Boolean)
        .join(', ') || '–',
    ],
    [
      t('models.parameters'),
      model.parameters === null ? '–' : t('models.billions', { count: model.parameters }),
    ],
    [t('models.context'), model.context === null ? '–' : f.number(model.context)],
    [t('models.maxoutput'), model.max_output === null ? '–' : f.number(model.max_output)],
    [t('models.price'), priceOf(model, f) ?? t('usage.unknown')],
    [t('models.released'), model.released ? f.date(model.released) : '–'],
    [t('models.knowledge'), model.knowledge ?? '–'],
    [
      t('models.capabilities'),
      <div key="can" className="row" style={{ gap: 4 }}>
        {model.capabilities.map((each) => (
          <Badge key={each} color="gray" tt="none" fw={500}>
            {each}
          </Badge>
        ))}
      </div>,
    ],
  ];
}

export function Detail(props: { name: string; open: (name: string) => void }): ReactNode {
  const { t, f } = useWords();
  const facts = useFacts();
  const model = useQuery(ask.catalogModel(props.name));
  return (
    <Shown query={model} waiting={<Rows count={8} />}>
      {(is) => (
        <Stack gap="lg">
          <Group justify="space-between">
            <Title order={2}>{is.display || is.name}</Title>
            <Button
              variant="default"
              leftSection={<IconMessages size={16} />}
              renderRoot={(rest) => <Link to="/playground" search={{ model: is.name }} {...rest} />}
            >
              {t('models.ask')}
            </Button>
          </Group>
          <Facts of={facts(is)} />
          <section>
            <Title order={3} mb={4}>
              {t('models.offers')}
            </Title>
            <Scroll label={t('models.offers')}>
              <Table horizontalSpacing={8}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t('usage.host')}</Table.Th>
                    <Table.Th>{t('models.country')}</Table.Th>
                    <Table.Th className="right">{t('usage.input')}</Table.Th>
                    <Table.Th className="right">{t('usage.output')}</Table.Th>
                    <Table.Th className="right">{t('models.cached')}</Table.Th>
                    <Table.Th className="right">{t('models.context')}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {is.offers.map((offer) => (
                    <Table.Tr key={`${offer.host}/${offer.id}/${offer.region}`}>
                      <Table.Td>
                        <Text size="sm" fw={500}>
                          {offer.host}
                        </Text>
                        <Text size="xs" c="dimmed" className="mono">
                          {offer.id}
                          {offer.region && ` · ${offer.region}`}
                        </Text>
                      </Table.Td>
                      <Table.Td>{offer.country || '–'}</Table.Td>
                      <Table.Td className="right num">
                        {f.perMillion(offer.input_price, offer.currency) ?? t('usage.unknown')}
                      </Table.Td>
                      <Table.Td className="right num">
                        {f.perMillion(offer.output_price, offer.currency) ?? t('usage.unknown')}
                      </Table.Td>
                      <Table.Td className="right num">
                        {f.perMillion(offer.cache_read_price, offer.currency) ?? '–'}
                      </Table.Td>
                      <Table.Td className="right num">
                        {offer.context === null ? '–' : f.compact(offer.context)}
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Scroll>
            <Text size="xs" c="dimmed" mt={6}>
              {t('models.permillion')}
            </Text>
          </section>
          {is.also.length > 0 && (
            <Facts
              of={[
                [
                  t('models.also'),
                  <span key="also" className="mono">
                    {is.also.join(', ')}
                  </span>,
                ],
              ]}
            />
          )}
          {is.siblings.length > 0 && (
            <section>
              <Title order={3} mb={6}>
                {t('models.siblings')}
              </Title>
              <div className="row">
                {is.siblings.slice(0, 24).map((name) => (
                  <Anchor
                    key={name}
                    component="button"
                    type="button"
                    size="sm"
                    onClick={() => props.open(name)}
                  >
                    {name}
                  </Anchor>
                ))}
              </div>
            </section>
          )}
        </Stack>
      )}
    </Shown>
  );
}

export function Comparison(props: { names: string[] }): ReactNode {
  const { t } = useWords();
  const facts = useFacts();
  const found = useQueries({ queries: props.names.map((name) => ask.catalogModel(name)) });
  const failed = found.find((each) => each.error);
  if (failed) return <Failure error={failed.error} again={() => void failed.refetch()} />;
  const models = found.flatMap((each) => (each.data ? [each.data] : []));
  if (models.length < props.names.length) return <Rows />;
  const columns = models.map((model) => facts(model));
  return (
    <Scroll label={t('models.compare.title')}>
      <Table miw={Math.max(1, models.length) * 220}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>
              <VisuallyHidden>{t('models.name')}</VisuallyHidden>
            </Table.Th>
            {models.map((model) => (
              <Table.Th key={model.name}>{model.display || model.name}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {(columns[0] ?? []).map(([label], row) => (
            <Table.Tr key={label}>
              <Table.Th scope="row">{label}</Table.Th>
              {models.map((model, column) => (
                <Table.Td key={model.name}>{columns[column]?.[row]?.[1]}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scroll>
  );
}
