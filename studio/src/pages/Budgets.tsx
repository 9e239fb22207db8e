/** What may be spent: the organisation, its projects, their keys and people, each with what is spent; how one burns down,
 * what it will come to; and requests for more. */
import { Button, Modal } from '@mantine/core';
import { IconPlus, IconWallet } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { renew } from '../api/people';
import { purse } from '../api/purse';
import { useMay } from '../api/rights';
import type { BudgetShape } from '../api/schema';
import { useWords } from '../i18n';
import { Card, Page } from '../ui/parts';
import { Sure } from '../ui/Sure';
import { Empty, Shown } from '../ui/states';
import { Form } from './budgets/Form';
import { One } from './budgets/One';
import { Ask, Raises } from './budgets/Raises';
import { Tree } from './budgets/Tree';
import './budgets/budgets.css';

type Act = 'new' | 'edit' | 'remove' | 'ask';

export function Budgets(): ReactNode {
  const { t } = useWords();
  const may = useMay();
  const sees = may('budgets.read');
  const all = useQuery({ ...purse.list(), enabled: sees });
  const mine = useQuery({ ...purse.mine(), enabled: !sees && may('raises.ask') });
  const budgets = sees ? all : mine;
  const [chosen, setChosen] = useState<string | null>(null);
  const [act, setAct] = useState<Act | null>(null);
  const of = budgets.data?.find((each) => each.id === chosen) ?? budgets.data?.[0] ?? null;
  const close = (): void => setAct(null);
  const remove = useMutation({
    mutationFn: (budget: BudgetShape) => purse.remove(budget),
    onSuccess: async () => {
      await renew('budgets');
      setChosen(null);
      close();
    },
  });
  const create = may('budgets.write') && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAct('new')}>
      {t('budgets.new')}
    </Button>
  );
  return (
    <Page title={t('nav.budgets')} lead={t(sees ? 'budgets.lead' : 'budgets.lead.mine')} actions={create}>
      <Shown query={budgets}>
        {(found) =>
          found.length === 0 ? (
            <Card>
              <Empty icon={<IconWallet size={20} />} title={t('budgets.none')} action={create}>
                {t('budgets.none.detail')}
              </Empty>
            </Card>
          ) : (
            <div className="budgetpage">
              <Card title={t('budgets.all')}>
                <Tree budgets={found} chosen={of?.id ?? null} choose={(budget) => setChosen(budget.id)} />
              </Card>
              {of && <One of={of} act={setAct} />}
            </div>
          )
        }
      </Shown>
      <Raises />
      <Modal
        opened={act === 'new' || (of !== null && (act === 'edit' || act === 'ask'))}
        onClose={close}
        title={t(act === 'ask' ? 'budgets.ask' : act === 'edit' ? 'budgets.change' : 'budgets.new')}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        {act === 'new' && <Form close={close} />}
        {act === 'edit' && of && <Form was={of} close={close} />}
        {act === 'ask' && of && <Ask of={of} close={close} />}
      </Modal>
      <Sure
        asked={act === 'remove'}
        title={t('budgets.remove')}
        text={t('budgets.remove.sure', { name: of?.subject.name ?? '' })}
        word={t('budgets.remove')}
        harsh
        error={remove.error}
        busy={remove.isPending}
        close={close}
        go={() => of && remove.mutate(of)}
      />
    </Page>
  );
}
