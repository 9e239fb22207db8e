/** One budget in full: its figures, how it burns down, what it will come to, and what can be done. */
import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { purse } from '../../api/purse';
import { useMay } from '../../api/rights';
import type { BudgetShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { Card, Facts } from '../../ui/parts';
import { Rows, Shown } from '../../ui/states';
import { amountOf } from './amounts';
import { Burn, Outlook } from './Burn';

export function One(props: { of: BudgetShape; act: (what: 'edit' | 'remove' | 'ask') => void }): ReactNode {
  const { t, f } = useWords();
  const may = useMay();
  const { of } = props;
  const spending = useQuery({ ...purse.spending(of), enabled: may('budgets.read') });
  const facts: [string, ReactNode][] = [
    [t('budgets.allowed'), amountOf(f, of, of.allowed)],
    [t('budgets.spent'), amountOf(f, of, of.spent)],
    [t('budgets.held'), amountOf(f, of, of.leased)],
    [t('budgets.left'), amountOf(f, of, of.left)],
  ];
  if (Number(of.raised) > 0) facts.splice(1, 0, [t('budgets.raised'), amountOf(f, of, of.raised)]);
  if (of.ends) facts.push([t('budgets.ends'), f.dateTime(of.ends)]);
  facts.push([
    t('budgets.onhit'),
    of.route ? t('budgets.downgraded', { route: of.route }) : t('budgets.blocked'),
  ]);
  const editable = may('budgets.write') && of.owner === 'studio';
  return (
    <Card title={`${of.subject.name} · ${t(`budgets.measure.${of.measure}`)}`} padded>
      <div className="onebudget">
        <Facts of={facts} />
        {may('budgets.read') && of.measure !== 'concurrent' && (
          <Shown query={spending} waiting={<Rows count={4} />}>
            {(found) => (
              <div>
                <Burn of={of} spending={found} />
                <Outlook of={of} spending={found} />
              </div>
            )}
          </Shown>
        )}
        <Group>
          {may('raises.ask') && (
            <Button variant="default" onClick={() => props.act('ask')}>
              {t('budgets.ask')}
            </Button>
          )}
          {editable && (
            <>
              <Button variant="default" onClick={() => props.act('edit')}>
                {t('budgets.change')}
              </Button>
              <Button variant="subtle" color="red" onClick={() => props.act('remove')}>
                {t('budgets.remove')}
              </Button>
            </>
          )}
        </Group>
      </div>
    </Card>
  );
}
