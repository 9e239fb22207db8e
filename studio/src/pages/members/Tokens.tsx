/** Service tokens: how programs use the admin API. Shown once, recognised by their ends, revoked one by one. */
import { Alert, Button, Modal, Stack, Switch, Table, Text, TextInput, VisuallyHidden } from '@mantine/core';
import { IconEyeOff, IconRobot } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { at } from '../../api/client';
import { people, type RoleName, renew, tell } from '../../api/people';
import { useMay } from '../../api/rights';
import type { NewTokenShape, TokenShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { endOf, isSoon } from '../../lib/expiry';
import { type End, Expiry } from '../../ui/Expiry';
import { More } from '../../ui/More';
import { Card, Code, Scroll, State } from '../../ui/parts';
import { Sure } from '../../ui/Sure';
import { Empty, Flaws, Shown } from '../../ui/states';
import { RolePicker } from './Roles';

export function Tokens(props: { making: boolean; open: () => void; close: () => void }): ReactNode {
  const { t } = useWords();
  const may = useMay();
  const [revoked, setRevoked] = useState(false);
  const [made, setMade] = useState<NewTokenShape | null>(null);
  const found = useInfiniteQuery(people.tokens(revoked));
  const close = { 'aria-label': t('action.close') };
  return (
    <Stack gap="md">
      <div className="tokenhead">
        <Text size="sm" c="dimmed">
          {t('tokens.lead')}
        </Text>
        <Switch
          label={t('tokens.showrevoked')}
          checked={revoked}
          onChange={(event) => setRevoked(event.currentTarget.checked)}
        />
      </div>
      <Card>
        <Shown query={found}>
          {({ pages }) => {
            const items = pages.flatMap((page) => page.items);
            return items.length === 0 ? (
              <Empty
                icon={<IconRobot size={20} />}
                title={t('tokens.none')}
                action={
                  may('tokens.write') && (
                    <Button variant="default" mt={6} onClick={props.open}>
                      {t('tokens.new')}
                    </Button>
                  )
                }
              >
                {t('tokens.none.detail')}
              </Empty>
            ) : (
              <TokenTable items={items} />
            );
          }}
        </Shown>
        <More of={found} />
      </Card>
      <Modal opened={props.making} onClose={props.close} title={t('tokens.new')} closeButtonProps={close}>
        <Making
          done={(token) => {
            props.close();
            setMade(token);
          }}
        />
      </Modal>
      <Modal
        opened={made !== null}
        onClose={() => setMade(null)}
        closeOnClickOutside={false}
        size="lg"
        title={t('tokens.made')}
        closeButtonProps={close}
      >
        {made && <Made made={made} close={() => setMade(null)} />}
      </Modal>
    </Stack>
  );
}

function TokenTable(props: { items: TokenShape[] }): ReactNode {
  const { t, f } = useWords();
  const may = useMay();
  const [sure, setSure] = useState<TokenShape | null>(null);
  const revoke = useMutation({
    mutationFn: (token: TokenShape) => tell.revoke(token.id),
    onSuccess: async () => {
      await renew('tokens');
      setSure(null);
    },
  });
  return (
    <>
      <Scroll stacks label={t('tokens.title')}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('members.name')}</Table.Th>
              <Table.Th>{t('tokens.hint')}</Table.Th>
              <Table.Th>{t('members.role')}</Table.Th>
              <Table.Th>{t('members.state')}</Table.Th>
              <Table.Th>{t('tokens.used')}</Table.Th>
              <Table.Th>{t('expiry.label')}</Table.Th>
              <Table.Th>{t('tokens.by')}</Table.Th>
              <Table.Th>
                <VisuallyHidden>{t('palette.actions')}</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {props.items.map((token) => (
              <Table.Tr key={token.id} data-faded={token.state !== 'active' || undefined}>
                <Table.Td fw={550}>{token.name}</Table.Td>
                <Table.Td className="mono nowrap" data-label={t('tokens.hint')}>
                  {token.hint}
                </Table.Td>
                <Table.Td data-label={t('members.role')}>{t(`role.${token.role}`)}</Table.Td>
                <Table.Td data-label={t('members.state')}>
                  <State tone={token.state === 'active' ? 'good' : 'none'}>
                    {t(`tokens.state.${token.state}`)}
                  </State>
                </Table.Td>
                <Table.Td
                  className="nowrap"
                  data-label={t('tokens.used')}
                  title={token.used_at ? f.dateTime(token.used_at) : undefined}
                >
                  {token.used_at ? f.ago(token.used_at) : t('tokens.used.never')}
                </Table.Td>
                <Table.Td
                  className="nowrap"
                  data-label={t('expiry.label')}
                  data-soon={isSoon(token.expires_at) || undefined}
                >
                  {token.expires_at ? f.date(token.expires_at) : t('expiry.never')}
                </Table.Td>
                <Table.Td className="nowrap" data-label={t('tokens.by')} title={f.dateTime(token.created_at)}>
                  {token.made_by}
                </Table.Td>
                <Table.Td className="right" data-acts>
                  {may('tokens.write') && token.state !== 'revoked' && (
                    <Button
                      variant="subtle"
                      size="compact-sm"
                      c="var(--cp-bad)"
                      onClick={() => setSure(token)}
                    >
                      {t('tokens.revoke')}
                    </Button>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scroll>
      <Sure
        asked={sure !== null}
        title={sure ? `${t('tokens.revoke')} · ${sure.name}` : ''}
        text={sure ? t('tokens.revoke.sure', { name: sure.name }) : ''}
        word={t('tokens.revoke')}
        harsh
        error={revoke.error}
        busy={revoke.isPending}
        close={() => {
          setSure(null);
          revoke.reset();
        }}
        go={() => sure && revoke.mutate(sure)}
      />
    </>
  );
}

function Making(props: { done: (made: NewTokenShape) => void }): ReactNode {
  const { t } = useWords();
  const [name, setName] = useState('');
  const [role, setRole] = useState<RoleName>('auditor');
  const [end, setEnd] = useState<End>({ span: 'quarter', date: '' });
  const make = useMutation({
    mutationFn: () => tell.token({ name: name.trim(), role, expires_at: endOf(end.span, end.date) }),
    onSuccess: async (made) => {
      await renew('tokens');
      props.done(made);
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate();
      }}
    >
      <Stack gap="md">
        <Flaws error={make.error} />
        <TextInput
          label={t('members.name')}
          description={t('tokens.name.detail')}
          required
          maxLength={100}
          data-autofocus
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <RolePicker label={t('tokens.role')} value={role} change={setRole} />
        <Expiry end={end} change={setEnd} />
        <Button type="submit" loading={make.isPending} disabled={!name.trim()}>
          {t('tokens.create')}
        </Button>
      </Stack>
    </form>
  );
}

function Made(props: { made: NewTokenShape; close: () => void }): ReactNode {
  const { t } = useWords();
  const call = `curl ${at('api/v1/me')} \\\n  -H "Authorization: Bearer ${props.made.secret}"`;
  return (
    <Stack gap="md">
      <Alert color="voice" icon={<IconEyeOff size={16} />}>
        {t('tokens.once')}
      </Alert>
      <Code text={props.made.secret} label={t('tokens.made')} />
      <div>
        <Text size="sm" fw={500} mb={6}>
          {t('tokens.try')}
        </Text>
        <Code text={call} label={t('tokens.try')} />
      </div>
      <Button onClick={props.close}>{t('action.done')}</Button>
    </Stack>
  );
}
