/** What the keyboard can do, in one list. */
import { Kbd, Modal, Switch } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { useMay } from '../api/rights';
import { useWords } from '../i18n';
import { areOn, turn } from '../lib/chords';
import { PLACES } from './places';
import './shortcuts.css';

export const COMMAND = navigator.platform.startsWith('Mac') ? '⌘' : 'Ctrl';

export default function Shortcuts(props: { asked: number }): ReactNode {
  const { t } = useWords();
  const may = useMay();
  const [opened, setOpened] = useState(false);
  const [on, setOn] = useState(areOn);
  useEffect(() => setOpened(props.asked > 0), [props.asked]);
  return (
    <Modal
      opened={opened}
      onClose={() => setOpened(false)}
      title={t('shortcuts.title')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <dl className="shortcuts">
        <Shortcut keys={[COMMAND, 'K']} does={t('shortcuts.find')} />
        <Shortcut keys={['?']} does={t('shortcuts.list')} />
        <Shortcut keys={['Esc']} does={t('shortcuts.close')} />
        {PLACES.filter(({ right }) => may(right)).map(({ to, word, letter }) => (
          <Shortcut key={to} keys={['G', letter.toUpperCase()]} does={t('shortcuts.go', { page: t(word) })} />
        ))}
      </dl>
      <Switch
        mt="md"
        checked={on}
        label={t('shortcuts.on')}
        description={t('shortcuts.on.detail')}
        onChange={(event) => {
          turn(event.currentTarget.checked);
          setOn(event.currentTarget.checked);
        }}
      />
    </Modal>
  );
}

function Shortcut(props: { keys: string[]; does: string }): ReactNode {
  return (
    <div>
      <dt>{props.does}</dt>
      <dd>
        {props.keys.map((key) => (
          <Kbd key={key} size="sm">
            {key}
          </Kbd>
        ))}
      </dd>
    </div>
  );
}
