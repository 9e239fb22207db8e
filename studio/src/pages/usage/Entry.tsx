/** One request in full: who, what, where it went, what it used, what was lost on the way. */
import { Badge, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ask } from '../../api/queries';
import { useWords } from '../../i18n';
import { Copy, Facts, Scroll, State } from '../../ui/parts';
import { Shown } from '../../ui/states';

const HARM = { cosmetic: 'gray', degraded: 'orange', meaning: 'red' } as const;

export function Entry(props: { id: string }): ReactNode {
  const { t, f } = useWords();
  const entry = useQuery(ask.entry(props.id));
  return (
    <Shown query={entry}>
      {(is) => (
        <Stack gap="lg">
          <Facts
            of={[
              [t('usage.when'), f.dateTime(is.at)],
              [
                t('usage.result'),
                <State key="status" tone={is.status >= 400 ? 'bad' : 'good'}>
                  {String(is.status)}
                </State>,
              ],
              ...(is.failure ? [[t('entry.failure'), is.failure] as [string, ReactNode]] : []),
              [
                t('entry.asked'),
                <span key="asked" className="mono">
                  {is.requested}
                </span>,
              ],
              [
                t('entry.answered'),
                <span key="answered" className="mono">
                  {is.offering || '–'}
                </span>,
              ],
              [t('usage.maker'), is.maker || '–'],
              [t('usage.key'), is.key.name],
              [t('usage.project'), is.project.name],
              [
                t('entry.dialects'),
                is.upstream_dialect && is.upstream_dialect !== is.client_dialect
                  ? `${is.client_dialect} → ${is.upstream_dialect}`
                  : is.client_dialect,
              ],
              [t('entry.finish'), is.finish ?? '–'],
              [t('entry.stream'), is.stream ? t('entry.yes') : t('entry.no')],
              [
                t('entry.time'),
                is.first_event_ms === null
                  ? f.ms(is.total_ms)
                  : t('entry.time.value', { total: f.ms(is.total_ms), first: f.ms(is.first_event_ms) }),
              ],
              [
                t('entry.sizes'),
                t('entry.sizes.value', {
                  sent: f.bytes(is.request_bytes),
                  received: f.bytes(is.response_bytes),
                }),
              ],
              [t('usage.cost'), is.cost === null ? t('usage.unknown') : f.money(is.cost, is.currency)],
              [
                t('entry.id'),
                <span key="id" style={{ display: 'flex', alignItems: 'center', gap: 4 }}>
                  <span className="mono clip">{is.id}</span>
                  <Copy value={is.id} />
                </span>,
              ],
            ]}
          />
          <section>
            <Title order={3} mb={8}>
              {t('usage.tokens')}
            </Title>
            {is.usage_reported ? (
              <Facts
                of={Object.entries(is.tokens)
                  .filter(([, count]) => count > 0)
                  .map(([name, count]) => [
                    name,
                    <span key={name} className="num">
                      {f.number(count)}
                    </span>,
                  ])}
              />
            ) : (
              <Text size="sm" c="dimmed">
                {t('entry.unreported')}
              </Text>
            )}
          </section>
          {is.attempts.length > 0 && (
            <section>
              <Title order={3} mb={4}>
                {t('entry.attempts')}
              </Title>
              <Scroll label={t('entry.attempts')}>
                <Table horizontalSpacing={0}>
                  <Table.Tbody>
                    {is.attempts.map((attempt) => (
                      <Table.Tr key={`${attempt.offering} ${attempt.ms}`}>
                        <Table.Td className="mono">{attempt.offering}</Table.Td>
                        <Table.Td>
                          <State tone={attempt.failure ? 'bad' : 'good'}>
                            {attempt.failure ?? String(attempt.status ?? '')}
                          </State>
                        </Table.Td>
                        <Table.Td className="right num">{f.ms(attempt.ms)}</Table.Td>
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
              </Scroll>
            </section>
          )}
          <section>
            <Title order={3} mb={8}>
              {t('entry.losses')}
            </Title>
            {is.losses.length === 0 ? (
              <Text size="sm" c="dimmed">
                {t('entry.losses.none')}
              </Text>
            ) : (
              is.losses.map((loss) => (
                <div key={`${loss.code} ${loss.path}`} style={{ marginBottom: 10 }}>
                  <span className="mono">{loss.path || loss.code}</span>{' '}
                  <Badge color={HARM[loss.severity]}>{t(`entry.severity.${loss.severity}`)}</Badge>
                  <Text size="xs" c="dimmed">
                    {loss.detail}
                  </Text>
                </div>
              ))
            )}
          </section>
        </Stack>
      )}
    </Shown>
  );
}
