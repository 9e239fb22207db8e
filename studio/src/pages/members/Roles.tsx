/** What each role may do, in words: to choose one, and to look it up. */
import { Button, Modal, Radio, Stack, Table, Text, VisuallyHidden } from '@mantine/core';
import { IconCheck, IconEye, IconHelpCircle, IconMinus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { people, type RoleName } from '../../api/people';
import { useWords } from '../../i18n';
import { AREA_NAMES, type Level, levelOf } from '../../lib/rights';
import { Scroll } from '../../ui/parts';
import { Shown } from '../../ui/states';

export function RolePicker(props: {
  value: RoleName;
  change: (role: RoleName) => void;
  label: string;
}): ReactNode {
  const { t } = useWords();
  const roles = useQuery(people.roles());
  return (
    <Shown query={roles}>
      {(all) => (
        <Radio.Group
          label={props.label}
          value={props.value}
          onChange={(role) => props.change(role as RoleName)}
        >
          <Stack gap={6} mt={6}>
            {all
              .filter((role) => role.mine_to_give)
              .map(({ name }) => (
                <Radio.Card key={name} value={name} className="rolecard">
                  <Radio.Indicator />
                  <span>
                    <b>{t(`role.${name}`)}</b>
                    <small>{t(`role.${name}.detail`)}</small>
                  </span>
                </Radio.Card>
              ))}
          </Stack>
        </Radio.Group>
      )}
    </Shown>
  );
}

const ICONS: Record<Level, typeof IconCheck> = { none: IconMinus, see: IconEye, change: IconCheck };

export function RolesButton(): ReactNode {
  const { t } = useWords();
  const [opened, setOpened] = useState(false);
  const roles = useQuery({ ...people.roles(), enabled: opened });
  return (
    <>
      <Button variant="default" leftSection={<IconHelpCircle size={16} />} onClick={() => setOpened(true)}>
        {t('members.roles')}
      </Button>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        size={760}
        title={t('members.roles')}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        <Shown query={roles}>
          {(all) => (
            <Stack gap="md">
              <Scroll label={t('members.roles')}>
                <Table className="rolegrid" highlightOnHover={false}>
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th>
                        <VisuallyHidden>{t('members.area')}</VisuallyHidden>
                      </Table.Th>
                      {all.map(({ name }) => (
                        <Table.Th key={name}>{t(`role.${name}`)}</Table.Th>
                      ))}
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {AREA_NAMES.map((area) => (
                      <Table.Tr key={area}>
                        <Table.Th scope="row">{t(`area.${area}`)}</Table.Th>
                        {all.map(({ name, rights }) => {
                          const level = levelOf(area, rights);
                          const Icon = ICONS[level];
                          return (
                            <Table.Td key={name} data-level={level}>
                              <Icon size={15} aria-hidden />
                              <span>
                                {(area === 'playground' || area === 'search') && level === 'change'
                                  ? t('level.use')
                                  : t(`level.${level}`)}
                              </span>
                            </Table.Td>
                          );
                        })}
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
              </Scroll>
              <Text size="sm" c="dimmed">
                {t('members.roles.note')}
              </Text>
            </Stack>
          )}
        </Shown>
      </Modal>
    </>
  );
}
