/** Groups of people, to hold rights to documents: what a group may see, each of its people may. */
import {
  ActionIcon,
  Button,
  Group,
  Menu,
  Modal,
  MultiSelect,
  Stack,
  Table,
  Text,
  TextInput,
  VisuallyHidden,
} from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconDots, IconPencil, IconTrash, IconUsersGroup } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { knowing, teach } from '../../api/knowing';
import { people, renew } from '../../api/people';
import { useMay } from '../../api/rights';
import type { PeopleGroupShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { Meanwhile } from '../../ui/Meanwhile';
import { Card, Scroll } from '../../ui/parts';
import { Sure } from '../../ui/Sure';
import { Empty, Shown } from '../../ui/states';

const SHOWN = 6;

export function Groups(props: { making: boolean; open: () => void; close: () => void }): ReactNode {
  const { t } = useWords();
  const may = useMay();
  const groups = useQuery(knowing.groups());
  const [editing, setEditing] = useState<PeopleGroupShape | null>(null);
  const close = { 'aria-label': t('action.close') };
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {t('groups.lead')}
      </Text>
      <Card>
        <Shown query={groups}>
          {({ items }) =>
            items.length > 0 ? (
              <GroupTable items={items} edit={setEditing} />
            ) : (
              <Empty
                icon={<IconUsersGroup size={20} />}
                title={t('groups.none')}
                action={
                  may('groups.write') && (
                    <Button variant="default" mt={6} onClick={props.open}>
                      {t('groups.new')}
                    </Button>
                  )
                }
              >
                {t('groups.none.detail')}
              </Empty>
            )
          }
        </Shown>
      </Card>
      <Modal opened={props.making} onClose={props.close} title={t('groups.new')} closeButtonProps={close}>
        <Form close={props.close} />
      </Modal>
      <Modal
        opened={editing !== null}
        onClose={() => setEditing(null)}
        title={t('groups.edit')}
        closeButtonProps={close}
      >
        {editing && <Form key={editing.id} was={editing} close={() => setEditing(null)} />}
      </Modal>
    </Stack>
  );
}

function GroupTable(props: {
  items: PeopleGroupShape[];
  edit: (group: PeopleGroupShape) => void;
}): ReactNode {
  const { t } = useWords();
  const may = useMay();
  const [sure, setSure] = useState<PeopleGroupShape | null>(null);
  const remove = useMutation({
    mutationFn: (group: PeopleGroupShape) => teach.removeGroup(group),
    onSuccess: async () => {
      await renew('groups', 'sources', 'readers', 'why');
      setSure(null);
    },
  });
  const names = ({ members }: PeopleGroupShape): string => {
    const some = members.slice(0, SHOWN).map(({ name, login }) => name || login);
    if (members.length > SHOWN) some.push(t('groups.more', { count: members.length - SHOWN }));
    return some.join(', ') || t('groups.nobody');
  };
  return (
    <>
      <Scroll stacks label={t('groups.title')}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('members.name')}</Table.Th>
              <Table.Th>{t('groups.members')}</Table.Th>
              {may('groups.write') && (
                <Table.Th>
                  <VisuallyHidden>{t('palette.actions')}</VisuallyHidden>
                </Table.Th>
              )}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {props.items.map((group) => (
              <Table.Tr key={group.id}>
                <Table.Td fw={550}>{group.name}</Table.Td>
                <Table.Td data-label={t('groups.members')}>{names(group)}</Table.Td>
                {may('groups.write') && (
                  <Table.Td className="right" data-acts>
                    <Menu position="bottom-end" shadow="md" width={210}>
                      <Menu.Target>
                        <ActionIcon aria-label={t('groups.menu', { name: group.name })}>
                          <IconDots size={16} />
                        </ActionIcon>
                      </Menu.Target>
                      <Menu.Dropdown>
                        <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => props.edit(group)}>
                          {t('groups.act.edit')}
                        </Menu.Item>
                        <Menu.Item
                          className="danger"
                          leftSection={<IconTrash size={15} />}
                          onClick={() => setSure(group)}
                        >
                          {t('groups.act.remove')}
                        </Menu.Item>
                      </Menu.Dropdown>
                    </Menu>
                  </Table.Td>
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scroll>
      <Sure
        asked={sure !== null}
        title={sure ? `${t('groups.act.remove')} · ${sure.name}` : ''}
        text={sure ? t('groups.remove.sure', { name: sure.name }) : ''}
        word={t('groups.act.remove')}
        harsh
        error={remove.error}
        busy={remove.isPending}
        close={() => {
          setSure(null);
          remove.reset();
        }}
        go={() => sure && remove.mutate(sure)}
      />
    </>
  );
}

/** Name and people in one form; to the API they are two acts, the second on what the first left. `made`: told of a
 * group as soon as it is there, so that another try goes on from it. */
async function saved(
  was: PeopleGroupShape | undefined,
  name: string,
  members: string[],
  made: (group: PeopleGroupShape) => void,
): Promise<PeopleGroupShape> {
  let group = was ?? (await teach.addGroup(name));
  if (group.name !== name) group = await teach.renameGroup(group, name);
  made(group);
  const before = group.members.map(({ id }) => id);
  const same = before.length === members.length && before.every((id) => members.includes(id));
  return same ? group : await teach.members(group, members);
}

function Form(props: { was?: PeopleGroupShape; close: () => void }): ReactNode {
  const { t } = useWords();
  const [was, setWas] = useState(props.was);
  const [name, setName] = useState(was?.name ?? '');
  const [members, setMembers] = useState((was?.members ?? []).map(({ id }) => id));
  const save = useMutation({
    mutationFn: () => saved(was, name.trim(), members, setWas),
    onSuccess: async () => {
      await renew('groups', 'sources', 'readers', 'why', 'search-filters');
      props.close();
    },
    onError: () => renew('groups'),
  });
  const again = useMutation({
    mutationFn: () => teach.group(was?.id ?? ''),
    onSuccess: (found) => {
      setWas(found);
      setName(found.name);
      setMembers(found.members.map(({ id }) => id));
      save.reset();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack gap="md">
        <Meanwhile error={again.error ?? save.error} again={() => again.mutate()} />
        <TextInput
          label={t('members.name')}
          description={t('groups.name.detail')}
          required
          maxLength={100}
          data-autofocus
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Members value={members} change={setMembers} known={was?.members ?? []} />
        <Group justify="flex-end">
          <Button variant="default" onClick={props.close}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" loading={save.isPending} disabled={!name.trim()}>
            {t(was ? 'members.save' : 'groups.create')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Members(props: {
  value: string[];
  change: (ids: string[]) => void;
  known: PeopleGroupShape['members'];
}): ReactNode {
  const { t } = useWords();
  const [words, setWords] = useState('');
  const [q] = useDebouncedValue(words.trim(), 200);
  const accounts = useInfiniteQuery(people.accounts(q, null));
  const [seen] = useState(() => new Map(props.known.map(({ id, name, login }) => [id, name || login])));
  for (const { items } of accounts.data?.pages ?? []) {
    for (const { id, name, login } of items) seen.set(id, name === login ? name : `${name} (${login})`);
  }
  return (
    <MultiSelect
      label={t('groups.members')}
      placeholder={props.value.length === 0 ? t('groups.pick') : undefined}
      searchable
      hidePickedOptions
      searchValue={words}
      onSearchChange={setWords}
      nothingFoundMessage={t('groups.nobodyfits')}
      maxDropdownHeight={260}
      data={[...seen].map(([value, label]) => ({ value, label }))}
      value={props.value}
      onChange={props.change}
    />
  );
}
