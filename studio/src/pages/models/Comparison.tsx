/** Two to four models side by side; what differs stands out, and what a call would cost is worked out. */
import { Button, CloseButton, NumberInput, Switch, Table, VisuallyHidden } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { ask } from '../../api/queries';
import type { ModelDetailShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { abilities, callPrice } from '../../lib/models';
import { Card, Scroll } from '../../ui/parts';
import { Failure, Rows } from '../../ui/states';
import { useNamed } from './words';

/** One call costs too little to be read at a glance. */
const CALLS = 1000;

/** `plain`: by which two values are the same; `best`: the smallest or largest number is the better one. */
interface Line {
  label: string;
  of: (model: ModelDetailShape) => { plain: string; number?: number | null; shown?: ReactNode };
  best?: 'least' | 'most';
}

export function Comparison(props: {
  names: string[];
  change: (names: string[]) => void;
  back: () => void;
}): ReactNode {
  const { t, f } = useWords();
  const [tokens, setTokens] = useState({ input: 2000, output: 500 });
  const [only, setOnly] = useState(false);
  const found = useQueries({ queries: props.names.map((name) => ask.catalogModel(name)) });
  const failed = found.find((each) => each.error);
  const models = found.flatMap((each) => (each.data ? [each.data] : []));
  const lines = useLines(tokens);
  const count = (value: string | number): number => Math.max(0, Math.round(Number(value) || 0));
  const back = (
    <Button variant="default" leftSection={<IconArrowLeft size={16} />} onClick={props.back}>
      {t('models.compare.back')}
    </Button>
  );
  if (failed) {
    return (
      <Card>
        <Failure error={failed.error} again={() => void failed.refetch()} />
      </Card>
    );
  }
  if (models.length < props.names.length) {
    return (
      <Card>
        <Rows count={10} />
      </Card>
    );
  }
  const rows = lines.map((line) => {
    const values = models.map(line.of);
    const differs = new Set(values.map((value) => value.plain)).size > 1;
    const numbers = values.flatMap((value) => (typeof value.number === 'number' ? [value.number] : []));
    const best =
      differs && line.best && numbers.length > 1
        ? (line.best === 'least' ? Math.min : Math.max)(...numbers)
        : null;
    return { line, values, differs, best };
  });
  return (
    <>
      <div className="compare-bar">
        {back}
        <NumberInput
          label={t('models.compare.input')}
          value={tokens.input}
          min={0}
          max={10_000_000}
          step={500}
          thousandSeparator={f.group}
          onChange={(value) => setTokens((old) => ({ ...old, input: count(value) }))}
        />
        <NumberInput
          label={t('models.compare.output')}
          value={tokens.output}
          min={0}
          max={1_000_000}
          step={100}
          thousandSeparator={f.group}
          onChange={(value) => setTokens((old) => ({ ...old, output: count(value) }))}
        />
        {models.length > 1 && (
          <Switch
            label={t('models.compare.only')}
            checked={only}
            onChange={(event) => setOnly(event.currentTarget.checked)}
          />
        )}
      </div>
      <Card>
        <Scroll label={t('models.compare.title')}>
          <Table className="compare" highlightOnHover={false}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>
                  <VisuallyHidden>{t('models.name')}</VisuallyHidden>
                </Table.Th>
                {models.map((model) => (
                  <Table.Th key={model.name} scope="col">
                    <div className="compare-name">
                      <Link
                        from="/models"
                        to="/models"
                        search={(old) => ({ ...old, side: undefined, model: model.name })}
                      >
                        {model.display || model.name}
                      </Link>
                      <CloseButton
                        size="sm"
                        aria-label={t('models.compare.remove', { model: model.display || model.name })}
                        onClick={() => props.change(props.names.filter((_, at) => models[at] !== model))}
                      />
                    </div>
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows
                .filter((row) => row.differs || !only)
                .map(({ line, values, differs, best }) => (
                  <Table.Tr key={line.label} data-differs={(differs && models.length > 1) || undefined}>
                    <Table.Th scope="row">{line.label}</Table.Th>
                    {values.map((value, column) => (
                      <Table.Td
                        key={models[column]?.name}
                        className="num"
                        data-best={(best !== null && value.number === best) || undefined}
                      >
                        {value.shown ?? value.plain}
                        {best !== null && value.number === best && (
                          <span className="mark" data-tone="good">
                            {t(line.best === 'least' ? 'models.compare.cheapest' : 'models.compare.most')}
                          </span>
                        )}
                      </Table.Td>
                    ))}
                  </Table.Tr>
                ))}
            </Table.Tbody>
          </Table>
        </Scroll>
      </Card>
    </>
  );
}

function useLines(tokens: { input: number; output: number }): Line[] {
  const { t, f } = useWords();
  const named = useNamed();
  const text = (label: string, of: (model: ModelDetailShape) => string): Line => ({
    label,
    of: (model) => ({ plain: of(model) || '–' }),
  });
  const number = (
    label: string,
    best: 'least' | 'most',
    of: (model: ModelDetailShape) => number | null,
    show: (value: number, model: ModelDetailShape) => string,
  ): Line => ({
    label,
    best,
    of: (model) => {
      const value = of(model);
      return { plain: value === null ? t('models.unknown') : show(value, model), number: value };
    },
  });
  const words = (of: (model: ModelDetailShape) => readonly string[]) => (model: ModelDetailShape) =>
    of(model).map(named.capability).join(', ');
  const amount = (text: string | null | undefined): number | null =>
    text === null || text === undefined ? null : Number(text);
  const money = (value: number, model: ModelDetailShape): string =>
    f.money(value.toFixed(6), model.price?.currency ?? 'USD');
  const count = (value: number): string => t('models.tokens', { count: f.number(value) });
  return [
    number(
      t('models.compare.call', { calls: CALLS, ...tokens }),
      'least',
      (model) => {
        const price = callPrice(model.price, tokens);
        return price === null ? null : price * CALLS;
      },
      money,
    ),
    number(t('models.input'), 'least', (model) => amount(model.price?.input), money),
    number(t('models.output'), 'least', (model) => amount(model.price?.output), money),
    text(t('models.compare.whose'), (model) =>
      model.price
        ? model.price.first_hand
          ? t('models.price.own')
          : t('models.price.at', { host: model.price.host })
        : '',
    ),
    text(t('models.here'), (model) => model.available[0] ?? t('models.compare.nothere')),
    number(t('models.context'), 'most', (model) => model.context, count),
    number(t('models.maxoutput'), 'most', (model) => model.max_output, count),
    text(t('models.maker'), (model) =>
      [model.maker, model.maker_country && named.country(model.maker_country)].filter(Boolean).join(', '),
    ),
    text(t('models.weights'), (model) =>
      model.open_weights === null
        ? t('models.unknown')
        : model.open_weights
          ? t('models.open')
          : t('models.closed'),
    ),
    text(t('models.licence'), (model) => named.licence(model.licence)),
    text(
      t('models.purpose'),
      words((model) => abilities(model.capabilities).purposes),
    ),
    text(
      t('models.reads'),
      words((model) => abilities(model.capabilities).reads),
    ),
    text(
      t('models.skills'),
      words((model) => abilities(model.capabilities).skills),
    ),
    number(
      t('models.hosts'),
      'most',
      (model) => model.hosts,
      (value) => f.number(value),
    ),
    text(t('models.laws'), (model) =>
      [...new Set(model.offers.map((offer) => offer.country).filter(Boolean))]
        .sort()
        .map(named.country)
        .join(', '),
    ),
    text(t('models.parameters'), (model) =>
      model.parameters === null ? '' : t('models.billions', { count: model.parameters }),
    ),
    text(t('models.released'), (model) => (model.released ? f.date(model.released) : '')),
    text(t('models.retirement'), (model) =>
      model.retires ? f.date(model.retires) : t('models.retirement.none'),
    ),
    text(t('models.knowledge'), (model) => model.knowledge ?? ''),
  ];
}
