/** The people, and what can be done about each. */
import { Avatar, Badge, Button, Modal, Select, Table, TextInput, VisuallyHidden } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch, IconUsers } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { people, type RoleName } from '../../api/people';
import { ask } from '../../api/queries';
import { useMay } from '../../api/rights';
import type { AccountShape, InvitationShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { colorOf, initials } from '../../lib/person';
import { More } from '../../ui/More';
import { Card, Scroll, State, type Tone } from '../../ui/parts';
import { Empty, Shown } from '../../ui/states';
import { Acts } from './Acts';
import { Edit } from './Edit';
import { Handing } from './Handing';
import { Invite } from './Invite';

const TONES: Record<AccountShape['state'], Tone> = { active: 'good', invited: 'busy', disabled: 'none' };

export function People(props: { inviting: boolean; open: () => void; close: () => void }): ReactNode {
  const { t } = useWords();
  const may = useMay();
  const [words, setWords] = useState('');
  const [role, setRole] = useState<RoleName | null>(null);
  const [made, setMade] = useState<InvitationShape | null>(null);
  const [editing, setEditing] = useState<AccountShape | null>(null);
  const [q] = useDebouncedValue(words.trim(), 200);
  const roles = useQuery(people.roles());
  const me = useQuery(ask.me());
  const found = useInfiniteQuery(people.accounts(q, role));
  const close = { 'aria-label': t('action.close') };
  return (
    <>
      <div className="peoplefind">
        <TextInput
          aria-label={t('members.find')}
          placeholder={t('members.find')}
          leftSection={<IconSearch size={15} />}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <Select
          aria-label={t('members.role')}
          placeholder={t('members.allroles')}
          clearable
          clearButtonProps={{ 'aria-label': t('members.allroles') }}
          data={(roles.data ?? []).map(({ name }) => ({ value: name, label: t(`role.${name}`) }))}
          value={role}
          onChange={(value) => setRole(value as RoleName | null)}
        />
      </div>
      <Card>
        <Shown query={found}>
          {({ pages }) => {
            const items = pages.flatMap((page) => page.items);
            if (items.length === 0) {
              return (
                <Empty icon={<IconUsers size={20} />} title={t('members.none')}>
                  {t('members.none.detail')}
                </Empty>
              );
            }
            const alone = items.length === 1 && !q && !role && may('accounts.write');
            return (
              <>
                <PeopleTable items={items} mine={me.data?.account ?? ''} edit={setEditing} made={setMade} />
                {alone && (
                  <Empty
                    icon={<IconUsers size={20} />}
                    title={t('members.alone')}
                    action={
                      <Button variant="default" mt={6} onClick={props.open}>
                        {t('members.invite')}
                      </Button>
                    }
                  >
                    {t('members.alone.detail')}
                  </Empty>
                )}
              </>
            );
          }}
        </Shown>
        <More of={found} />
      </Card>
      <Modal
        opened={props.inviting}
        onClose={props.close}
        title={t('members.invite')}
        closeButtonProps={close}
      >
        <Invite
          done={(invitation) => {
            props.close();
            setMade(invitation);
          }}
        />
      </Modal>
      <Modal
        opened={editing !== null}
        onClose={() => setEditing(null)}
        title={t('members.edit')}
        closeButtonProps={close}
      >
        {editing && (
          <Edit account={editing} mine={editing.id === me.data?.account} close={() => setEditing(null)} />
        )}
      </Modal>
      <Modal
        opened={made !== null}
        onClose={() => setMade(null)}
        closeOnClickOutside={false}
        size="lg"
        title={t('members.link')}
        closeButtonProps={close}
      >
        {made && <Handing made={made} close={() => setMade(null)} />}
      </Modal>
    </>
  );
}

function PeopleTable(props: {
  items: AccountShape[];
  mine: string;
  edit: (account: AccountShape) => void;
  made: (made: InvitationShape) => void;
}): ReactNode {
  const { t, f } = useWords();
  const may = useMay();
  const { data: roles } = useQuery(people.roles());
  const mineToGive = (role: RoleName): boolean =>
    roles?.find((each) => each.name === role)?.mine_to_give ?? false;
  return (
    <Scroll stacks label={t('members.people')}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('members.name')}</Table.Th>
            <Table.Th>{t('members.role')}</Table.Th>
            <Table.Th>{t('members.state')}</Table.Th>
            <Table.Th>{t('members.seen')}</Table.Th>
            {may('accounts.write') && (
              <Table.Th>
                <VisuallyHidden>{t('palette.actions')}</VisuallyHidden>
              </Table.Th>
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {props.items.map((account) => (
            <Table.Tr key={account.id} data-faded={account.state === 'disabled' || undefined}>
              <Table.Td>
                <div className="person">
                  <Avatar size={30} color={colorOf(account.login)} aria-hidden>
                    {initials(account.name)}
                  </Avatar>
                  <span>
                    <b>
                      {account.name}{' '}
                      {account.id === props.mine && (
                        <Badge size="xs" color="gray" tt="none">
                          {t('members.you')}
                        </Badge>
                      )}
                    </b>
                    <small>{account.login}</small>
                  </span>
                </div>
              </Table.Td>
              <Table.Td data-label={t('members.role')}>{t(`role.${account.role}`)}</Table.Td>
              <Table.Td data-label={t('members.state')}>
                <State tone={TONES[account.state]}>{t(`members.state.${account.state}`)}</State>
              </Table.Td>
              <Table.Td
                className="nowrap"
                data-label={t('members.seen')}
                title={account.signed_in_at ? f.dateTime(account.signed_in_at) : undefined}
              >
                {account.signed_in_at ? f.ago(account.signed_in_at) : t('members.seen.never')}
              </Table.Td>
              {may('accounts.write') && (
                <Table.Td className="right" data-acts>
                  {mineToGive(account.role) && (
                    <Acts
                      account={account}
                      mine={account.id === props.mine}
                      edit={() => props.edit(account)}
                      made={props.made}
                    />
                  )}
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scroll>
  );
}
