/** What the reader may do, in words. */
import { Text } from '@mantine/core';
import { IconCheck, IconEye, IconMinus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ask } from '../../api/queries';
import { type Sentence, useWords } from '../../i18n';
import { type Area, grouped, type Level } from '../../lib/rights';
import { Card } from '../../ui/parts';
import { Shown } from '../../ui/states';

const GROUPS: { level: Level; icon: typeof IconCheck }[] = [
  { level: 'change', icon: IconCheck },
  { level: 'see', icon: IconEye },
  { level: 'none', icon: IconMinus },
];

export function Rights(): ReactNode {
  const { t } = useWords();
  const me = useQuery(ask.me());
  return (
    <Shown query={me}>
      {(who) => {
        const areas = grouped(who.rights);
        return (
          <Card title={t('settings.rights')} padded>
            <Text size="sm" c="dimmed" mb="md">
              {who.role
                ? t('settings.rights.role', {
                    role: t(`role.${who.role}`),
                    detail: t(`role.${who.role}.detail`),
                  })
                : t(`settings.by.${who.signed_in_by}`)}
            </Text>
            <div className="rightgroups">
              {GROUPS.filter(({ level }) => areas[level].length > 0).map(({ level, icon: Icon }) => (
                <section key={level} data-level={level}>
                  <h3>
                    <Icon size={15} aria-hidden /> {t(`settings.rights.${level}`)}
                  </h3>
                  <ul>
                    {areas[level].map((area) => (
                      <li key={area}>
                        <b>{t(`area.${area}`)}</b>
                        {level !== 'none' && <span className="rightword">{t(wordOf(area, level))}</span>}
                      </li>
                    ))}
                  </ul>
                </section>
              ))}
            </div>
          </Card>
        );
      }}
    </Shown>
  );
}

/** A test holds that these are said. */
const wordOf = (area: Area, level: Level): Sentence => `area.${area}.${level}` as Sentence;
