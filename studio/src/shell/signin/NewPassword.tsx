/** A new password, twice, with a word on how good it is. */
import { PasswordInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useWords } from '../../i18n';
import { isTaken, SHORTEST, strengthOf } from '../../lib/strength';
import './signin.css';

export interface Chosen {
  password: string;
  again: string;
}
export const UNCHOSEN: Chosen = { password: '', again: '' };

export const isChosen = (chosen: Chosen): boolean =>
  isTaken(chosen.password) && chosen.password === chosen.again;

export function NewPassword(props: {
  label: string;
  chosen: Chosen;
  own: readonly string[];
  change: (chosen: Chosen) => void;
  focus?: boolean;
}): ReactNode {
  const { t } = useWords();
  const { password, again } = props.chosen;
  const strength = strengthOf(password, props.own);
  const differs = again !== '' && !password.startsWith(again) && again !== password;
  const reveal = { 'aria-label': t('action.reveal') };
  return (
    <>
      <div>
        <PasswordInput
          name="password"
          label={props.label}
          description={t('setup.password.detail', { count: SHORTEST })}
          autoComplete="new-password"
          required
          data-autofocus={props.focus || undefined}
          value={password}
          onChange={(event) => props.change({ password: event.currentTarget.value, again })}
          visibilityToggleButtonProps={reveal}
        />
        <div className="strength" data-strength={strength} aria-hidden>
          <i />
          <i />
          <i />
          <i />
        </div>
        <div className="strengthword" role="status">
          {strength === 'short'
            ? t('strength.short', { count: SHORTEST - [...password].length })
            : strength !== 'none' && t(`strength.${strength}`)}
        </div>
      </div>
      <PasswordInput
        name="again"
        label={t('setup.again')}
        autoComplete="new-password"
        required
        value={again}
        error={differs && t('setup.again.differs')}
        onChange={(event) => props.change({ password, again: event.currentTarget.value })}
        visibilityToggleButtonProps={reveal}
      />
    </>
  );
}
