/** The projects, and what is said of what they send. */
import { Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { routing } from '../../api/routing';
import type { ProjectShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { conditionsOf, count } from '../../lib/route';
import { Scroll } from '../../ui/parts';
import { Shown } from '../../ui/states';

export function Projects(props: { open: (project: ProjectShape) => void }): ReactNode {
  const { t } = useWords();
  const projects = useQuery(routing.projects());
  return (
    <Shown query={projects}>
      {({ items }) => (
        <Scroll stacks label={t('routes.projects')}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('routes.name')}</Table.Th>
                <Table.Th>{t('routes.class')}</Table.Th>
                <Table.Th>{t('routes.conditions')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map((project) => {
                const set = count(conditionsOf(project.constraints));
                return (
                  <Table.Tr key={project.id}>
                    <Table.Td>
                      <button type="button" className="plain routename" onClick={() => props.open(project)}>
                        {project.name}
                      </button>
                      {project.owner === 'file' && <small className="sub">{t('routes.owned')}</small>}
                    </Table.Td>
                    <Table.Td data-label={t('routes.class')}>{project.data_class || '–'}</Table.Td>
                    <Table.Td data-label={t('routes.conditions')}>
                      {set > 0 ? t('routes.conditions.set', { count: set }) : '–'}
                    </Table.Td>
                  </Table.Tr>
                );
              })}
            </Table.Tbody>
          </Table>
        </Scroll>
      )}
    </Shown>
  );
}
