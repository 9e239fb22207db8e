/** The next page of a list, while there is one. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useWords } from '../i18n';

export function More(props: {
  of: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> };
}): ReactNode {
  const { t } = useWords();
  const { of } = props;
  if (!of.hasNextPage) return null;
  return (
    <Button
      variant="subtle"
      fullWidth
      loading={of.isFetchingNextPage}
      onClick={() => void of.fetchNextPage()}
    >
      {t('action.more')}
    </Button>
  );
}
