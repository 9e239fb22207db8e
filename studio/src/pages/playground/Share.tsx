/** A link that opens the playground as it stands: everything travels in the address, nothing is stored anywhere. */
import { Alert, Button, CopyButton, Group, Modal, Stack, Switch, Text, TextInput } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { at } from '../../api/client';
import { useWords } from '../../i18n';
import { hasImages } from '../../lib/choosing';
import { LONGEST_LINK, pack, shareable } from '../../lib/share';
import type { State } from './store';

export function Share(props: { opened: boolean; close: () => void; state: State }): ReactNode {
  const { t } = useWords();
  return (
    <Modal
      opened={props.opened}
      onClose={props.close}
      title={t('play.share')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {props.opened && <Link state={props.state} />}
    </Modal>
  );
}

function Link(props: { state: State }): ReactNode {
  const { t, f } = useWords();
  const { state } = props;
  const pictured = state.images.length > 0 || state.lanes.some((lane) => hasImages(lane.said));
  const spoken = state.lanes.some((lane) => lane.said.length > 0);
  const [said, setSaid] = useState(spoken);
  const [images, setImages] = useState(pictured);
  const [link, setLink] = useState('');
  useEffect(() => {
    let late = false;
    void pack(shareable(state, { said, images })).then((packed) => {
      if (!late) setLink(`${at('playground')}#p=${packed}`);
    });
    return () => {
      late = true;
    };
  }, [state, said, images]);
  const long = link.length > LONGEST_LINK;
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {t('play.share.detail')}
      </Text>
      {spoken && (
        <Switch
          label={t('play.share.said')}
          checked={said}
          onChange={(event) => setSaid(event.currentTarget.checked)}
        />
      )}
      {pictured && (
        <Switch
          label={t('play.share.images')}
          checked={images}
          onChange={(event) => setImages(event.currentTarget.checked)}
        />
      )}
      {long ? (
        <Alert color="orange" variant="light" role="status">
          {t('play.share.long', { size: f.bytes(link.length), most: f.bytes(LONGEST_LINK) })}
        </Alert>
      ) : (
        <TextInput
          readOnly
          aria-label={t('play.share.link')}
          value={link}
          description={t('play.share.size', { size: f.bytes(link.length), most: f.bytes(LONGEST_LINK) })}
          onFocus={(event) => event.currentTarget.select()}
          classNames={{ input: 'mono' }}
        />
      )}
      <Group justify="flex-end">
        <CopyButton value={link} timeout={2000}>
          {({ copied, copy }) => (
            <Button
              disabled={long || link === ''}
              leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
              onClick={copy}
              data-autofocus
            >
              {copied ? t('action.copied') : t('play.share.copy')}
            </Button>
          )}
        </CopyButton>
      </Group>
    </Stack>
  );
}
