/** Chooses the model of a conversation: searched by any words, grouped by where it runs, with what it costs. */
import { Combobox, useCombobox, VisuallyHidden } from '@mantine/core';
import { IconBrain, IconEye, IconSelector, IconTool } from '@tabler/icons-react';
import { type ReactNode, useMemo, useState } from 'react';
import type { AskableShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { grouped, unlisted } from '../../lib/choosing';
import { type Known, usePriceLine } from './known';

/** More are found by searching. */
const SHOWN = 120;
const SIGNS = [
  ['images', IconEye, 'play.can.images'],
  ['tools', IconTool, 'play.can.tools'],
  ['reasoning', IconBrain, 'play.can.reasoning'],
] as const;

export function Picker(props: { known: Known; value: string; choose: (name: string) => void }): ReactNode {
  const { t } = useWords();
  const line = usePriceLine();
  const { known, value } = props;
  const [search, setSearch] = useState('');
  const box = useCombobox({
    onDropdownClose: () => {
      box.resetSelectedOption();
      setSearch('');
    },
    onDropdownOpen: () => box.focusSearchInput(),
  });
  const groups = useMemo(() => grouped(known.models, search), [known.models, search]);
  const other = unlisted(search, known.hosts, known.models);
  const chosen = known.of(value);
  let room = SHOWN;
  return (
    <Combobox
      store={box}
      position="bottom-start"
      width={420}
      shadow="md"
      onOptionSubmit={(name) => {
        props.choose(name);
        box.closeDropdown();
      }}
    >
      <Combobox.Target targetType="button">
        <button type="button" className="picker" onClick={() => box.toggleDropdown()}>
          <span className="clip">
            <VisuallyHidden component="span">{t('play.model')} </VisuallyHidden>
            {value || t('play.model.choose')}
          </span>
          <IconSelector size={15} aria-hidden />
          {value && <small className="clip">{line(chosen, true)}</small>}
        </button>
      </Combobox.Target>
      <Combobox.Dropdown className="choices">
        <Combobox.Search
          value={search}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
            box.selectFirstOption();
          }}
          placeholder={t('play.model.search')}
          aria-label={t('play.model.search')}
        />
        <Combobox.Options mah={380} style={{ overflowY: 'auto' }} aria-label={t('play.model')}>
          {groups.map(({ host, models }) => {
            const some = models.slice(0, Math.max(0, room));
            room -= some.length;
            return (
              some.length > 0 && (
                <Combobox.Group key={host} label={host || t('play.local')}>
                  {some.map((model) => (
                    <Choice key={model.name} model={model} known={known} active={model.name === value} />
                  ))}
                </Combobox.Group>
              )
            );
          })}
          {other && (
            <Combobox.Option value={other}>
              {t('play.model.other', { model: other })}
              <small>{t('play.unlisted')}</small>
            </Combobox.Option>
          )}
          {groups.length === 0 && !other && <Combobox.Empty>{t('play.nomodel')}</Combobox.Empty>}
        </Combobox.Options>
        <Combobox.Footer>{room <= 0 ? t('play.model.more') : t('play.price.detail')}</Combobox.Footer>
      </Combobox.Dropdown>
    </Combobox>
  );
}

function Choice(props: { model: AskableShape; known: Known; active: boolean }): ReactNode {
  const { t, f } = useWords();
  const line = usePriceLine();
  const { model } = props;
  const waking = model.local ? props.known.sleeps(model.name) : null;
  return (
    <Combobox.Option value={model.name} active={props.active}>
      <span className="choice">
        <b className="clip chosen">{model.name.slice(model.host.length + 1)}</b>
        <span className="signs">
          {SIGNS.map(
            ([can, Icon, word]) =>
              model.capabilities.includes(can) && (
                <Icon key={can} size={14} role="img" aria-label={t(word)}>
                  <title>{t(word)}</title>
                </Icon>
              ),
          )}
        </span>
      </span>
      <small>
        {line(model, true)}
        {waking !== null && ` · ${t('play.asleep', { time: f.seconds(waking) })}`}
        {model.retires && ` · ${t('play.retires', { date: f.date(model.retires) })}`}
      </small>
    </Combobox.Option>
  );
}
