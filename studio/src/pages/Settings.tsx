/** How the pages look to the reader, who the reader is, what names mean, and how the platform is. */
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type Right, useMay } from '../api/rights';
import { useWords } from '../i18n';
import { Closed } from '../shell/Gate';
import { Page } from '../ui/parts';
import { Nowhere } from '../ui/states';
import { Account } from './settings/Account';
import { Appearance } from './settings/Appearance';
import { Names } from './settings/Names';
import { Platform } from './settings/Platform';
import { Rights } from './settings/Rights';
import './settings/settings.css';

const SECTIONS = [
  { id: 'appearance', right: 'me', show: Appearance },
  { id: 'account', right: 'me', show: Account },
  { id: 'rights', right: 'me', show: Rights },
  { id: 'names', right: 'rules.read', show: Names },
  { id: 'platform', right: 'status.read', show: Platform },
] as const satisfies { id: string; right: Right; show: () => ReactNode }[];

export function Settings(): ReactNode {
  const { t } = useWords();
  const may = useMay();
  const wanted = useParams({ strict: false }).section ?? 'appearance';
  const mine = SECTIONS.filter(({ right }) => may(right));
  const found = mine.find(({ id }) => id === wanted);
  const known = SECTIONS.find(({ id }) => id === wanted);
  if (!found) return known ? <Closed title={t(`settings.${known.id}`)} /> : <Nowhere />;
  const Shown = found.show;
  return (
    <Page title={t('nav.settings')}>
      <div className="settings">
        <nav aria-label={t('nav.settings')}>
          {mine.map(({ id }) => (
            <Link
              key={id}
              to="/settings/$section"
              params={{ section: id }}
              className="nav"
              aria-current={id === wanted ? 'page' : undefined}
              data-status={id === wanted ? 'active' : undefined}
            >
              {t(`settings.${id}`)}
            </Link>
          ))}
        </nav>
        <div className="settingspart">
          <Shown />
        </div>
      </div>
    </Page>
  );
}
