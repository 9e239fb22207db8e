/** Receipts of answers: one's own; everybody's for whoever audits. */
import { Drawer, Table } from '@mantine/core';
import { IconReceipt } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { knowing } from '../../api/knowing';
import { useWords } from '../../i18n';
import { More } from '../../ui/More';
import { Card, Scroll } from '../../ui/parts';
import { Empty, Shown } from '../../ui/states';
import type { Go } from '../Knowledge';
import { Receipt } from '../search/Receipt';

export function Receipts(props: { open: string | undefined; go: Go }): ReactNode {
  const { t, f } = useWords();
  const { open, go } = props;
  const receipts = useInfiniteQuery(knowing.receipts());
  return (
    <>
      <Card>
        <Shown query={receipts}>
          {({ pages }) => {
            const items = pages.flatMap((page) => page.items);
            if (items.length === 0) {
              return (
                <Empty icon={<IconReceipt size={20} />} title={t('receipts.none')}>
                  {t('receipts.none.detail')}
                </Empty>
              );
            }
            return (
              <Scroll stacks label={t('receipts.title')}>
                <Table>
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th>{t('receipt.question')}</Table.Th>
                      <Table.Th>{t('receipt.asker')}</Table.Th>
                      <Table.Th>{t('receipts.outcome')}</Table.Th>
                      <Table.Th>{t('receipt.at')}</Table.Th>
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {items.map((line) => (
                      <Table.Tr key={line.id}>
                        <Table.Td>
                          <button
                            type="button"
                            className="plain breakable"
                            onClick={() => go({ receipt: line.id })}
                          >
                            {line.question}
                          </button>
                        </Table.Td>
                        <Table.Td data-label={t('receipt.asker')}>{line.asker.login || '–'}</Table.Td>
                        <Table.Td data-label={t('receipts.outcome')}>
                          {t(line.found ? `answer.mode.${line.mode}` : 'receipts.nothing')}
                        </Table.Td>
                        <Table.Td className="nowrap" data-label={t('receipt.at')} title={f.dateTime(line.at)}>
                          {f.ago(line.at)}
                        </Table.Td>
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
              </Scroll>
            );
          }}
        </Shown>
        <More of={receipts} />
      </Card>
      <Drawer
        opened={open !== undefined}
        onClose={() => go({ receipt: undefined })}
        position="right"
        size={640}
        title={t('receipt.title')}
        closeButtonProps={{ 'aria-label': t('action.close') }}
        overlayProps={{ backgroundOpacity: 0.25 }}
      >
        {open !== undefined && <Receipt key={open} id={open} />}
      </Drawer>
    </>
  );
}
