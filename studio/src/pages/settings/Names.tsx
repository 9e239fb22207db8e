/** What the names that programs ask for mean: aliases, and which host is preferred where several have a model. */
import { ActionIcon, Badge, Button, Modal, Stack, Table, Text, VisuallyHidden } from '@mantine/core';
import {
  IconArrowDown,
  IconArrowsSplit2,
  IconArrowUp,
  IconPencil,
  IconPlus,
  IconTrash,
} from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { client, dataOf } from '../../api/client';
import { match } from '../../api/people';
import { ask, queries } from '../../api/queries';
import { useMay } from '../../api/rights';
import type { RulesInput, RulesShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { type Alias, editable, moved, put, without } from '../../lib/aliases';
import { Meanwhile } from '../../ui/Meanwhile';
import { Card, Scroll } from '../../ui/parts';
import { Sure } from '../../ui/Sure';
import { Empty, Shown } from '../../ui/states';
import { AliasForm } from './AliasForm';
import { Meaning } from './Meaning';
import { Preferred } from './Preferred';

export function Names(): ReactNode {
  const rules = useQuery(ask.rules());
  return <Shown query={rules}>{(shape) => <Book rules={shape} />}</Shown>;
}

/** Saves all rules of the studio: made for the revision that was read, so that nobody's are undone. */
export function useRules(rules: RulesShape, done: () => void) {
  const mine = editable(rules.aliases);
  const hosts = rules.prefer.filter((each) => each.owner === 'studio').map((each) => each.host);
  const save = useMutation({
    mutationFn: (wanted: Partial<RulesInput>) =>
      dataOf(
        client.PUT('/api/v1/rules', {
          params: { header: match(rules.revision) },
          body: { aliases: mine, prefer: hosts, ...wanted },
        }),
      ),
    onSuccess: (shape) => {
      queries.setQueryData(['rules'], shape);
      done();
    },
  });
  return { mine, hosts, save };
}

function Book(props: { rules: RulesShape }): ReactNode {
  const { t } = useWords();
  const may = useMay();
  const { rules } = props;
  const [editing, setEditing] = useState<Alias | 'new' | null>(null);
  const [removing, setRemoving] = useState<string | null>(null);
  const { mine, save } = useRules(rules, () => {
    setEditing(null);
    setRemoving(null);
  });
  const again = (): void => {
    save.reset();
    setEditing(null);
    setRemoving(null);
    void queries.invalidateQueries({ queryKey: ['rules'] });
  };
  const writes = may('rules.write');
  const add = writes && (
    <Button
      size="compact-md"
      variant="default"
      leftSection={<IconPlus size={15} />}
      onClick={() => setEditing('new')}
    >
      {t('names.add')}
    </Button>
  );
  return (
    <Stack gap={20}>
      <Card title={t('names.aliases')} aside={rules.aliases.length > 0 && add}>
        <Text size="sm" c="dimmed" p="md">
          {t('names.aliases.detail')}
        </Text>
        {save.error && !editing && !removing ? (
          <div className="pad">
            <Meanwhile error={save.error} again={again} />
          </div>
        ) : null}
        {rules.aliases.length === 0 ? (
          <Empty icon={<IconArrowsSplit2 size={20} />} title={t('names.none')} action={add}>
            {t('names.none.detail')}
          </Empty>
        ) : (
          <Scroll label={t('names.aliases')}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('names.pattern')}</Table.Th>
                  <Table.Th>{t('names.target')}</Table.Th>
                  <Table.Th>
                    <VisuallyHidden>{t('palette.actions')}</VisuallyHidden>
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {rules.aliases.map((alias) => {
                  const at = mine.findIndex((each) => each.pattern === alias.pattern);
                  const name = alias.pattern;
                  return (
                    <Table.Tr key={`${alias.owner}-${name}`}>
                      <Table.Td className="mono">{name}</Table.Td>
                      <Table.Td className="mono">{alias.target}</Table.Td>
                      <Table.Td className="right nowrap">
                        {alias.owner === 'file' ? (
                          <Badge color="gray" tt="none" fw={500}>
                            {t('names.infile')}
                          </Badge>
                        ) : (
                          writes && (
                            <ActionIcon.Group className="rowacts">
                              <ActionIcon
                                aria-label={t('names.up', { name })}
                                disabled={at === 0 || save.isPending}
                                onClick={() => save.mutate({ aliases: moved(mine, at, -1) })}
                              >
                                <IconArrowUp size={15} />
                              </ActionIcon>
                              <ActionIcon
                                aria-label={t('names.down', { name })}
                                disabled={at === mine.length - 1 || save.isPending}
                                onClick={() => save.mutate({ aliases: moved(mine, at, 1) })}
                              >
                                <IconArrowDown size={15} />
                              </ActionIcon>
                              <ActionIcon
                                aria-label={t('names.edit', { name })}
                                onClick={() => setEditing({ pattern: name, target: alias.target })}
                              >
                                <IconPencil size={15} />
                              </ActionIcon>
                              <ActionIcon
                                aria-label={t('names.remove', { name })}
                                onClick={() => setRemoving(name)}
                              >
                                <IconTrash size={15} />
                              </ActionIcon>
                            </ActionIcon.Group>
                          )
                        )}
                      </Table.Td>
                    </Table.Tr>
                  );
                })}
              </Table.Tbody>
            </Table>
          </Scroll>
        )}
      </Card>
      <Preferred rules={rules} />
      <Meaning />
      <Modal
        opened={editing !== null}
        onClose={() => {
          setEditing(null);
          save.reset();
        }}
        title={editing === 'new' ? t('names.add') : t('names.change')}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        {editing !== null && (
          <AliasForm
            was={editing === 'new' ? null : editing}
            taken={rules.aliases}
            error={save.error}
            busy={save.isPending}
            again={again}
            save={(alias) =>
              save.mutate({ aliases: put(mine, editing === 'new' ? null : editing.pattern, alias) })
            }
          />
        )}
      </Modal>
      <Sure
        asked={removing !== null}
        title={removing ? t('names.remove', { name: removing }) : ''}
        text={removing ? t('names.remove.sure', { name: removing }) : ''}
        word={t('members.act.remove')}
        harsh
        error={save.error}
        busy={save.isPending}
        close={() => {
          setRemoving(null);
          save.reset();
        }}
        go={() => removing && save.mutate({ aliases: without(mine, removing) })}
      />
    </Stack>
  );
}
