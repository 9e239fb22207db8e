/** Requests for more than a limit allows: asked for, decided, withdrawn. */
import { Button, Group, Modal, Stack, Table, Text, Textarea, TextInput } from '@mantine/core';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { renew } from '../../api/people';
import { purse } from '../../api/purse';
import { useMay } from '../../api/rights';
import type { BudgetShape, RaiseShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { More } from '../../ui/More';
import { Card, Scroll, State } from '../../ui/parts';
import { Flaws, Shown } from '../../ui/states';
import { amountOf } from './amounts';

const AMOUNT = /^\d+(\.\d+)?$/;
const TONES = { open: 'busy', approved: 'good', refused: 'bad', withdrawn: 'none' } as const;

export function Raises(): ReactNode {
  const { t, f } = useWords();
  const may = useMay();
  const raises = useInfiniteQuery(purse.raises());
  const [deciding, setDeciding] = useState<{ raise: RaiseShape; grant: boolean } | null>(null);
  const withdraw = useMutation({ mutationFn: purse.withdraw, onSuccess: () => renew('raises', 'budgets') });
  return (
    <Card title={t('raises.title')}>
      <Shown query={raises}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <p className="nobody">{t('raises.none')}</p>;
          return (
            <Scroll label={t('raises.title')} stacks>
              <Table>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t('raises.for')}</Table.Th>
                    <Table.Th className="right">{t('raises.amount')}</Table.Th>
                    <Table.Th>{t('raises.by')}</Table.Th>
                    <Table.Th>{t('raises.reason')}</Table.Th>
                    <Table.Th>{t('raises.state')}</Table.Th>
                    <Table.Th>
                      <span className="sr">{t('raises.decide')}</span>
                    </Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {items.map((raise) => (
                    <Table.Tr key={raise.id}>
                      <Table.Td data-label={t('raises.for')}>
                        {raise.subject?.name ?? t('raises.gone')}
                      </Table.Td>
                      <Table.Td data-label={t('raises.amount')} className="right num">
                        {amountOf(f, raise, raise.amount)}
                      </Table.Td>
                      <Table.Td data-label={t('raises.by')}>
                        {raise.asked_by}{' '}
                        <Text span size="xs" c="dimmed">
                          {f.briefly(raise.asked_at)}
                        </Text>
                      </Table.Td>
                      <Table.Td data-label={t('raises.reason')} className="reason">
                        {raise.reason}
                        {raise.note && <small>{raise.note}</small>}
                      </Table.Td>
                      <Table.Td data-label={t('raises.state')}>
                        <State tone={TONES[raise.state]}>{t(`raises.state.${raise.state}`)}</State>
                        {raise.state === 'approved' && raise.until && (
                          <small className="until">
                            {t('raises.until', { time: f.dateTime(raise.until) })}
                          </small>
                        )}
                      </Table.Td>
                      <Table.Td>
                        {raise.state === 'open' && (
                          <Group gap={6} wrap="nowrap" justify="flex-end">
                            {may('budgets.write') && (
                              <>
                                <Button size="compact-sm" onClick={() => setDeciding({ raise, grant: true })}>
                                  {t('raises.approve')}
                                </Button>
                                <Button
                                  size="compact-sm"
                                  variant="default"
                                  onClick={() => setDeciding({ raise, grant: false })}
                                >
                                  {t('raises.refuse')}
                                </Button>
                              </>
                            )}
                            {raise.mine && (
                              <Button
                                size="compact-sm"
                                variant="subtle"
                                loading={withdraw.isPending}
                                onClick={() => withdraw.mutate(raise)}
                              >
                                {t('raises.withdraw')}
                              </Button>
                            )}
                          </Group>
                        )}
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Scroll>
          );
        }}
      </Shown>
      <More of={raises} />
      <Modal
        opened={deciding !== null}
        onClose={() => setDeciding(null)}
        title={deciding?.grant ? t('raises.approve.title') : t('raises.refuse.title')}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        {deciding && <Decide {...deciding} close={() => setDeciding(null)} />}
      </Modal>
    </Card>
  );
}

function Decide(props: { raise: RaiseShape; grant: boolean; close: () => void }): ReactNode {
  const { t } = useWords();
  const { raise, grant } = props;
  const [note, setNote] = useState('');
  const [amount, setAmount] = useState(raise.amount);
  const go = useMutation({
    mutationFn: () =>
      grant
        ? purse.approve(raise, note, amount === raise.amount ? '' : amount.trim())
        : purse.refuse(raise, note),
    onSuccess: async () => {
      await renew('raises', 'budgets');
      props.close();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        go.mutate();
      }}
    >
      <Stack gap="md">
        <Flaws error={go.error} />
        <Text size="sm">
          {raise.asked_by}: {raise.reason}
        </Text>
        {grant && (
          <TextInput
            label={t('raises.granted')}
            inputMode="decimal"
            value={amount}
            onChange={(event) => setAmount(event.currentTarget.value)}
          />
        )}
        <Textarea
          label={t('raises.note')}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={props.close}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" loading={go.isPending} disabled={grant && !AMOUNT.test(amount.trim())}>
            {grant ? t('raises.approve') : t('raises.refuse')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

export function Ask(props: { of: BudgetShape; close: () => void }): ReactNode {
  const { t } = useWords();
  const [amount, setAmount] = useState('');
  const [reason, setReason] = useState('');
  const [until, setUntil] = useState('');
  const go = useMutation({
    mutationFn: () =>
      purse.ask({
        budget: props.of.id,
        amount: amount.trim(),
        reason,
        until: until ? new Date(`${until}T23:59:59`).toISOString() : null,
      }),
    onSuccess: async () => {
      await renew('raises', 'budgets');
      props.close();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        go.mutate();
      }}
    >
      <Stack gap="md">
        <Flaws error={go.error} />
        <TextInput
          label={t('raises.more')}
          required
          data-autofocus
          inputMode="decimal"
          autoComplete="off"
          value={amount}
          onChange={(event) => setAmount(event.currentTarget.value)}
        />
        <Textarea
          label={t('raises.reason')}
          required
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <TextInput
          type="date"
          label={t('raises.end')}
          description={t('raises.end.detail')}
          value={until}
          onChange={(event) => setUntil(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={props.close}>
            {t('action.cancel')}
          </Button>
          <Button
            type="submit"
            loading={go.isPending}
            disabled={!AMOUNT.test(amount.trim()) || reason.trim() === ''}
          >
            {t('budgets.ask')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
