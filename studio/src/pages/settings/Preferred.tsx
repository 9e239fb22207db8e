/** Which host answers where several have a model. */
import { ActionIcon, Badge, Button, Group, Select, Text } from '@mantine/core';
import { IconArrowUp, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { ask, queries } from '../../api/queries';
import { useMay } from '../../api/rights';
import type { RulesShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { moved } from '../../lib/aliases';
import { Meanwhile } from '../../ui/Meanwhile';
import { Card } from '../../ui/parts';
import { useRules } from './Names';

export function Preferred(props: { rules: RulesShape }): ReactNode {
  const { t } = useWords();
  const may = useMay();
  const { rules } = props;
  const [chosen, setChosen] = useState<string | null>(null);
  const providers = useQuery({ ...ask.providers(), enabled: may('providers.read') });
  const { hosts, save } = useRules(rules, () => setChosen(null));
  const writes = may('rules.write');
  const taken = new Set(rules.prefer.map((each) => each.host));
  const left = ['local', ...(providers.data?.items ?? []).map((each) => each.name)].filter(
    (each) => !taken.has(each),
  );
  return (
    <Card title={t('names.prefer')} padded>
      <Text size="sm" c="dimmed" mb="md">
        {t('names.prefer.detail')}
      </Text>
      <Meanwhile
        error={save.error}
        again={() => {
          save.reset();
          void queries.invalidateQueries({ queryKey: ['rules'] });
        }}
      />
      {rules.prefer.length > 0 ? (
        <ol className="hosts">
          {rules.prefer.map(({ host, owner }) => {
            const at = hosts.indexOf(host);
            return (
              <li key={host}>
                <span className="mono">{host}</span>
                {owner === 'file' ? (
                  <Badge color="gray" tt="none" fw={500}>
                    {t('names.infile')}
                  </Badge>
                ) : (
                  writes && (
                    <span>
                      <ActionIcon
                        aria-label={t('names.up', { name: host })}
                        disabled={at === 0 || save.isPending}
                        onClick={() => save.mutate({ prefer: moved(hosts, at, -1) })}
                      >
                        <IconArrowUp size={15} />
                      </ActionIcon>
                      <ActionIcon
                        aria-label={t('names.remove', { name: host })}
                        disabled={save.isPending}
                        onClick={() => save.mutate({ prefer: hosts.filter((each) => each !== host) })}
                      >
                        <IconX size={15} />
                      </ActionIcon>
                    </span>
                  )
                )}
              </li>
            );
          })}
        </ol>
      ) : (
        <Text size="sm" mb={writes ? 'md' : 0}>
          {t('names.prefer.none')}
        </Text>
      )}
      {writes && (
        <Group gap={8} align="flex-end">
          <Select
            label={t('names.prefer.add')}
            placeholder={left.length ? t('names.prefer.choose') : t('names.prefer.all')}
            disabled={left.length === 0}
            searchable
            data={left}
            value={chosen}
            onChange={setChosen}
          />
          <Button
            variant="default"
            disabled={!chosen}
            loading={save.isPending}
            onClick={() => chosen && save.mutate({ prefer: [...hosts, chosen] })}
          >
            {t('names.prefer.go')}
          </Button>
        </Group>
      )}
    </Card>
  );
}
