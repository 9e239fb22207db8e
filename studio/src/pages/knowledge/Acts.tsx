/** What can be done about a source. */
import { ActionIcon, Menu, Modal } from '@mantine/core';
import {
  IconDots,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconRefresh,
  IconTrash,
  IconUsers,
} from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { teach } from '../../api/knowing';
import { renew } from '../../api/people';
import { useMay } from '../../api/rights';
import type { SourceShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { Sure } from '../../ui/Sure';
import { Flaws } from '../../ui/states';
import { Form } from './Form';

export function Acts(props: { source: SourceShape; gone: () => void }): ReactNode {
  const { t } = useWords();
  const may = useMay();
  const { source } = props;
  const [editing, setEditing] = useState(false);
  const [removing, setRemoving] = useState(false);
  const act = useMutation({
    mutationFn: (what: 'content' | 'rights' | 'pause') =>
      what === 'pause' ? teach.edit(source, { paused: !source.paused }) : teach.sync(source, what),
    onSettled: () => renew('sources'),
  });
  const remove = useMutation({
    mutationFn: () => teach.remove(source),
    onSuccess: async () => {
      setRemoving(false);
      props.gone();
      await renew('sources');
    },
  });
  if (!may('knowledge.write') || source.removing) return null;
  const fixed = source.owner !== 'studio';
  return (
    <>
      <Menu position="bottom-end" shadow="md" width={240}>
        <Menu.Target>
          <ActionIcon aria-label={t('source.menu', { name: source.name })}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {source.kind !== 'upload' && (
            <Menu.Item leftSection={<IconRefresh size={15} />} onClick={() => act.mutate('content')}>
              {t('source.act.content')}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconUsers size={15} />} onClick={() => act.mutate('rights')}>
            {t('source.act.rights')}
          </Menu.Item>
          {!fixed && (
            <>
              <Menu.Item
                leftSection={source.paused ? <IconPlayerPlay size={15} /> : <IconPlayerPause size={15} />}
                onClick={() => act.mutate('pause')}
              >
                {t(source.paused ? 'source.act.resume' : 'source.act.pause')}
              </Menu.Item>
              <Menu.Divider />
              <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => setEditing(true)}>
                {t('source.act.edit')}
              </Menu.Item>
              <Menu.Item
                className="danger"
                leftSection={<IconTrash size={15} />}
                onClick={() => setRemoving(true)}
              >
                {t('source.act.remove')}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={act.error !== null}
        onClose={act.reset}
        title={source.name}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        <Flaws error={act.error} />
      </Modal>
      <Modal
        opened={editing}
        onClose={() => setEditing(false)}
        size="lg"
        title={t('source.act.edit')}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        {editing && <Form was={source} close={() => setEditing(false)} made={() => setEditing(false)} />}
      </Modal>
      <Sure
        asked={removing}
        title={`${t('source.act.remove')} · ${source.name}`}
        text={t(source.kind === 'upload' ? 'source.remove.sure.upload' : 'source.remove.sure', {
          name: source.name,
        })}
        word={t('source.act.remove')}
        harsh
        error={remove.error}
        busy={remove.isPending}
        close={() => {
          setRemoving(false);
          remove.reset();
        }}
        go={() => remove.mutate()}
      />
    </>
  );
}
