/** Which offerings answer to a name, in which order, under which conditions; and what projects may send where. */
import { Button, Drawer, Tabs } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useMay } from '../api/rights';
import type { ProjectShape, RouteShape } from '../api/schema';
import { useWords } from '../i18n';
import { Card, Page } from '../ui/parts';
import { Editor } from './routes/Editor';
import { List } from './routes/List';
import { ProjectForm } from './routes/ProjectForm';
import { Projects } from './routes/Projects';
import './routes/routes.css';

type Act =
  | { what: 'new' }
  | { what: 'route'; route: RouteShape }
  | { what: 'project'; project: ProjectShape };

export function Routes(): ReactNode {
  const { t } = useWords();
  const may = useMay();
  const { tab } = useSearch({ from: '/routes' });
  const navigate = useNavigate({ from: '/routes' });
  const [act, setAct] = useState<Act | null>(null);
  const close = (): void => setAct(null);
  const make = may('rules.write') && tab !== 'projects' && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAct({ what: 'new' })}>
      {t('routes.new')}
    </Button>
  );
  return (
    <Page title={t('nav.routes')} lead={t('routes.lead')} actions={make}>
      <Tabs
        value={tab ?? 'routes'}
        onChange={(value) =>
          void navigate({ search: { tab: value === 'projects' ? 'projects' : undefined } })
        }
        keepMounted={false}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="routes">{t('nav.routes')}</Tabs.Tab>
          <Tabs.Tab value="projects">{t('routes.projects')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="routes">
          <Card>
            <List make={make} open={(route) => setAct({ what: 'route', route })} />
          </Card>
        </Tabs.Panel>
        <Tabs.Panel value="projects">
          <Card>
            <Projects open={(project) => setAct({ what: 'project', project })} />
          </Card>
        </Tabs.Panel>
      </Tabs>
      <Drawer
        opened={act !== null}
        onClose={close}
        position="right"
        size={780}
        title={act ? titleOf(act, t) : ''}
        closeButtonProps={{ 'aria-label': t('action.close') }}
        overlayProps={{ backgroundOpacity: 0.25 }}
      >
        {act?.what === 'new' && <Editor close={close} />}
        {act?.what === 'route' && <Editor key={act.route.name} was={act.route} close={close} />}
        {act?.what === 'project' && <ProjectForm was={act.project} close={close} />}
      </Drawer>
    </Page>
  );
}

function titleOf(act: Act, t: ReturnType<typeof useWords>['t']): string {
  if (act.what === 'new') return t('routes.new');
  return act.what === 'route' ? act.route.name : `${t('routes.project')} · ${act.project.name}`;
}
