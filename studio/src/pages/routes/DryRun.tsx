/** What a call would come to by the route as it stands in the form: every candidate, kept or dropped, and why. */
import { Alert, Badge, MultiSelect, NumberInput, Select, Table, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { routing } from '../../api/routing';
import type { CandidateShape, ExplanationShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { type Draft, NEEDS, wanted } from '../../lib/route';
import { Scroll } from '../../ui/parts';
import { Flaws, Rows } from '../../ui/states';

const PAUSE = 350;

export function DryRun(props: { draft: Draft; ready: boolean }): ReactNode {
  const { t, f } = useWords();
  const projects = useQuery(routing.projects());
  const [tokens, setTokens] = useState(1000);
  const [output, setOutput] = useState<number | null>(500);
  const [needs, setNeeds] = useState<string[]>([]);
  const [project, setProject] = useState<string | null>(null);
  const body = {
    model: props.draft.name.trim(),
    route: wanted(props.draft),
    dialect: 'openai-chat',
    tokens,
    output,
    needs,
    project,
    session: '',
  };
  // Together, so that nothing is asked that was not ready.
  const [asked] = useDebouncedValue({ body, ready: props.ready }, PAUSE);
  const found = useQuery({ ...routing.dryRun(asked.body), enabled: props.ready && asked.ready });
  return (
    <section className="dryrun" aria-label={t('routes.dry')}>
      <div>
        <Title order={3} size="h4">
          {t('routes.dry')}
        </Title>
        <span className="sub">{t('routes.dry.detail')}</span>
      </div>
      <div className="dryfacts">
        <NumberInput
          label={t('routes.dry.tokens')}
          min={0}
          allowDecimal={false}
          thousandSeparator={f.group}
          value={tokens}
          onChange={(value) => setTokens(typeof value === 'number' ? value : 0)}
        />
        <NumberInput
          label={t('routes.dry.output')}
          min={0}
          allowDecimal={false}
          thousandSeparator={f.group}
          value={output ?? ''}
          onChange={(value) => setOutput(typeof value === 'number' ? value : null)}
        />
        <MultiSelect
          label={t('routes.dry.needs')}
          data={NEEDS.map((value) => ({ value, label: value }))}
          value={needs}
          onChange={setNeeds}
          comboboxProps={{ shadow: 'md' }}
        />
        <Select
          label={t('routes.project')}
          placeholder={t('routes.dry.any')}
          clearable
          clearButtonProps={{ 'aria-label': t('routes.dry.any') }}
          data={projects.data?.items.map((each) => each.name) ?? []}
          value={project}
          onChange={setProject}
        />
      </div>
      {!props.ready ? (
        <span className="sub">{t('routes.dry.later')}</span>
      ) : found.error ? (
        <Flaws error={found.error} />
      ) : found.data ? (
        <Candidates of={found.data} />
      ) : (
        <Rows count={3} />
      )}
    </section>
  );
}

function Candidates(props: { of: ExplanationShape }): ReactNode {
  const { t } = useWords();
  const { of } = props;
  const shared = of.candidates.some((each) => typeof each.share === 'number');
  return (
    <>
      {of.refusal && (
        <Alert color="orange" role="status">
          {t('routes.dry.nothing')}
        </Alert>
      )}
      <Scroll stacks label={t('routes.dry')}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>#</Table.Th>
              <Table.Th>{t('routes.dry.offering')}</Table.Th>
              {shared && <Table.Th className="right">{t('routes.dry.share')}</Table.Th>}
              <Table.Th className="right">{t('routes.dry.price')}</Table.Th>
              <Table.Th>{t('routes.dry.why')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {of.candidates.map((each, at) => (
              <Candidate key={each.offering} of={each} at={at + 1} shared={shared} currency={of.currency} />
            ))}
          </Table.Tbody>
        </Table>
      </Scroll>
    </>
  );
}

function Candidate(props: { of: CandidateShape; at: number; shared: boolean; currency: string }): ReactNode {
  const { t, f } = useWords();
  const { of } = props;
  return (
    <Table.Tr data-dropped={!(of.chosen || of.shadow) || undefined}>
      <Table.Td className="num">{of.chosen ? props.at : '–'}</Table.Td>
      <Table.Td>
        <span className="mono">{of.offering}</span>
        {of.shadow && (
          <Badge ml={6} size="sm" variant="light" color="gray">
            {t('routes.shadow')}
          </Badge>
        )}
        {of.check && (
          <Badge ml={6} size="sm" variant="light">
            {of.check}
          </Badge>
        )}
      </Table.Td>
      {props.shared && (
        <Table.Td className="right num" data-label={t('routes.dry.share')}>
          {of.chosen && typeof of.share === 'number' ? f.percent(of.share) : '–'}
        </Table.Td>
      )}
      <Table.Td className="right num" data-label={t('routes.dry.price')}>
        {of.price ? f.money(of.price, props.currency) : '–'}
      </Table.Td>
      <Table.Td data-label={t('routes.dry.why')}>{of.reason}</Table.Td>
    </Table.Tr>
  );
}
