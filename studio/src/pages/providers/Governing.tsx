/** Where it computes, whose law binds it and which data may be sent there, instead of what the catalogue says. */
import { Anchor, TagsInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useWords } from '../../i18n';
import { type Governed, isGoverned } from '../../lib/provider';
import { Places } from '../../ui/Places';

export function Governing(props: { of: Governed; change: (part: Partial<Governed>) => void }): ReactNode {
  const { t } = useWords();
  const { of, change } = props;
  const [open, setOpen] = useState(isGoverned(of));
  if (!open) {
    return (
      <div>
        <Anchor component="button" type="button" size="sm" onClick={() => setOpen(true)}>
          {t('providers.governing')}
        </Anchor>
      </div>
    );
  }
  return (
    <>
      <Places
        label={t('providers.residency')}
        description={t('providers.residency.detail')}
        value={of.residency}
        change={(residency) => change({ residency })}
      />
      <Places
        one
        label={t('providers.jurisdiction')}
        description={t('providers.jurisdiction.detail')}
        value={of.jurisdiction ? [of.jurisdiction] : []}
        change={([jurisdiction = '']) => change({ jurisdiction })}
      />
      <TagsInput
        label={t('providers.classes')}
        description={t('providers.classes.detail')}
        splitChars={[',', ' ']}
        acceptValueOnBlur
        value={of.classes}
        onChange={(classes) => change({ classes })}
      />
    </>
  );
}
