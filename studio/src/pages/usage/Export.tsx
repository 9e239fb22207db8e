/** What is filtered as a file. The platform writes it while the browser saves it, however long it is. */
import { Button, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDownload } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { at } from '../../api/client';
import type { Which } from '../../api/queries';
import { useWords } from '../../i18n';
import type { Dimension } from '../../lib/asked';
import { exportQuery } from '../../lib/exported';
import type { Range } from '../../lib/period';

const KINDS = ['csv', 'jsonl', 'parquet'] as const;

export function Export(props: {
  which: Which;
  by: Dimension;
  range: Range;
  count: number | undefined;
}): ReactNode {
  const { t } = useWords();
  const { which, by, range, count } = props;
  const told = (name: string): void =>
    void notifications.show({
      title: t('usage.exporting'),
      message: t('usage.exporting.detail', { name }),
      autoClose: 5_000,
    });
  const item = (of: 'exchanges' | 'sums', kind: (typeof KINDS)[number]): ReactNode => {
    const name = t(`usage.export.${kind}`);
    const query = exportQuery({ which, of, kind, by, range });
    return (
      <Menu.Item
        key={kind}
        component="a"
        href={at(`api/v1/usage/export?${query}`)}
        download
        onClick={() => told(name)}
      >
        {name}
      </Menu.Item>
    );
  };
  return (
    <Menu position="bottom-end" shadow="md" width={300}>
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} />} disabled={!count}>
          {t('usage.export')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('usage.export.exchanges', { count: count ?? 0 })}</Menu.Label>
        {KINDS.map((kind) => item('exchanges', kind))}
        <Menu.Divider />
        <Menu.Label>
          {range.period === 'hour'
            ? t('usage.export.sums.hour', { by: t(`usage.${by}`).toLocaleLowerCase() })
            : t('usage.export.sums.day', { by: t(`usage.${by}`).toLocaleLowerCase() })}
        </Menu.Label>
        {item('sums', 'csv')}
      </Menu.Dropdown>
    </Menu>
  );
}
