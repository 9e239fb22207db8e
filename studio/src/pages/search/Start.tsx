/** Before anything is asked: what can be asked here, or why there is nothing to ask yet. */
import { Button } from '@mantine/core';
import { IconBooks, IconFileSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { knowing } from '../../api/knowing';
import { useMay } from '../../api/rights';
import { useWords } from '../../i18n';
import { Card } from '../../ui/parts';
import { Empty, Rows } from '../../ui/states';

export function Start(): ReactNode {
  const { t } = useWords();
  const may = useMay();
  const filters = useQuery(knowing.filters());
  if (filters.isPending) {
    return (
      <Card>
        <Rows count={3} />
      </Card>
    );
  }
  if (filters.data?.sources.length !== 0) {
    return (
      <Card>
        <Empty icon={<IconFileSearch size={20} />} title={t('search.start')}>
          {t('search.start.detail')}
        </Empty>
      </Card>
    );
  }
  return (
    <Card>
      <Empty
        icon={<IconBooks size={20} />}
        title={t('search.nodocuments')}
        action={
          may('knowledge.write') && (
            <Button variant="default" mt={6} renderRoot={(rest) => <Link to="/knowledge" {...rest} />}>
              {t('search.nodocuments.go')}
            </Button>
          )
        }
      >
        {t('search.nodocuments.detail')}
      </Empty>
    </Card>
  );
}
