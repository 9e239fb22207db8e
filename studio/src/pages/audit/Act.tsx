/** One act in full: what each thing was before, and what it is after. */
import { Stack, Table, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { auditing } from '../../api/auditing';
import type { ChangeShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { linesOf } from '../../lib/audit';
import { Facts, Scroll } from '../../ui/parts';
import { Shown } from '../../ui/states';
import { said } from './said';

export function Act(props: { number: number }): ReactNode {
  const { t, f } = useWords();
  const act = useQuery(auditing.act(props.number));
  return (
    <Shown query={act}>
      {(found) => (
        <Stack gap="lg">
          <Facts
            of={[
              [t('audit.when'), f.dateTime(found.at)],
              [t('audit.who'), found.actor.name || t(`audit.actor.${found.actor.kind}`)],
              [t('audit.actor'), t(`audit.actor.${found.actor.kind}`)],
              [t('audit.origin'), found.origin || '–'],
              [t('audit.how'), <code key="how">{found.action || '–'}</code>],
              [t('audit.outcome'), t(`audit.outcome.${found.outcome}`)],
              [
                t('audit.hash'),
                <code key="hash" className="acthash">
                  {found.hash}
                </code>,
              ],
              [
                t('audit.previous'),
                <code key="previous" className="acthash">
                  {found.previous}
                </code>,
              ],
            ]}
          />
          {found.changes.map((change) => (
            <Change key={`${change.what}/${change.id}/${change.name}`} of={change} />
          ))}
        </Stack>
      )}
    </Shown>
  );
}

function Change(props: { of: ChangeShape }): ReactNode {
  const { t } = useWords();
  const { of: change } = props;
  const title = `${said(t, change)} ${change.name}`;
  return (
    <section aria-label={title}>
      <Title order={3} size="h4" mb={6}>
        {title}
      </Title>
      <Scroll label={title}>
        <Table className="actlines" verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('audit.field')}</Table.Th>
              {change.before && <Table.Th>{t('audit.before')}</Table.Th>}
              {change.after && <Table.Th>{t('audit.after')}</Table.Th>}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {linesOf(change).map((line) => (
              <Table.Tr key={line.field}>
                <Table.Td className="mono">{line.field}</Table.Td>
                {change.before && <Table.Td>{line.before ?? '–'}</Table.Td>}
                {change.after && <Table.Td>{line.after ?? '–'}</Table.Td>}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scroll>
    </section>
  );
}
