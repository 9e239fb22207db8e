/** What an answer rests on, so that anyone can check it: claims, places, versions, rights, model and cost. */
import { Alert, Button, CopyButton, Stack, Title } from '@mantine/core';
import { IconBraces, IconCheck, IconEyeOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { knowing } from '../../api/knowing';
import { useMay } from '../../api/rights';
import type { ReceiptShape, SpanShape, WithheldShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { keyOf } from '../../lib/cited';
import { isEverybody, nameOf } from '../../lib/known';
import { Facts } from '../../ui/parts';
import { Shown } from '../../ui/states';
import { Told } from './Answer';
import { useWhere } from './useWhere';

const VERSION = 12;

export function Receipt(props: { id: string }): ReactNode {
  const { t, f } = useWords();
  const may = useMay();
  const receipt = useQuery(knowing.receipt(props.id));
  return (
    <Shown query={receipt}>
      {(found) => (
        <Stack gap="lg">
          <Facts
            of={[
              [t('receipt.question'), found.answer.question],
              [t('receipt.asker'), found.asker.login || '–'],
              [t('receipt.at'), f.dateTime(found.at)],
              [t('receipt.mode'), t(`answer.mode.${found.answer.mode}`)],
              [t('receipt.model'), found.answer.model || t('receipt.nomodel')],
              [t('receipt.policy'), t(`receipt.policy.${found.policy}`, { count: found.dropped })],
              [t('receipt.took'), f.ms(found.milliseconds)],
              [t('receipt.cost'), found.cost === null ? '–' : f.money(found.cost, found.currency || 'USD')],
              [t('receipt.id'), <code key="id">{found.id}</code>],
            ]}
          />
          {!found.complete && (
            <Alert color="voice" icon={<IconEyeOff size={16} />}>
              {t('receipt.incomplete')}
            </Alert>
          )}
          <div className="card">
            <Told answer={found.answer} />
          </div>
          <Places of={found} />
          {may('receipts.read') && <Withheld id={found.id} />}
          <CopyButton value={JSON.stringify(found, null, 2)} timeout={1600}>
            {({ copied, copy }) => (
              <Button
                variant="default"
                leftSection={copied ? <IconCheck size={15} /> : <IconBraces size={15} />}
                onClick={copy}
              >
                {copied ? t('action.copied') : t('receipt.copy')}
              </Button>
            )}
          </CopyButton>
        </Stack>
      )}
    </Shown>
  );
}

/** Each quotation with its place, the version it was read in, and the right by which the asker saw it. */
function Places(props: { of: ReceiptShape }): ReactNode {
  const { t } = useWords();
  const { answer } = props.of;
  const spans = new Map<string, SpanShape>();
  for (const part of [...answer.claims, ...answer.conflicts])
    for (const span of part.spans) spans.set(keyOf(span), span);
  const where = useWhere();
  if (spans.size === 0) return null;
  return (
    <section aria-label={t('receipt.places')}>
      <Title order={3} mb={6}>
        {t('receipt.places')}
      </Title>
      <ul className="receiptplaces">
        {[...spans].map(([key, span]) => {
          const through = answer.cited.find(({ document }) => document === span.document);
          return (
            <li key={key}>
              <b className="breakable">{span.title || nameOf(span.path).name}</b>
              {span.quote ? <q>{span.quote}</q> : <i>{t('answer.hidden')}</i>}
              <span className="sub">
                {[
                  where(span),
                  t('receipt.characters', { start: String(span.start), end: String(span.end) }),
                  t('receipt.version', { version: span.version.slice(0, VERSION) }),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
              {through && (
                <span className="sub">
                  {t('receipt.through', {
                    names: isEverybody(through.right)
                      ? t('readers.everybody')
                      : through.right_name || through.right,
                  })}
                </span>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Withheld(props: { id: string }): ReactNode {
  const { t } = useWords();
  const withheld = useQuery(knowing.withheld(props.id));
  return (
    <section aria-label={t('receipt.withheld')}>
      <Title order={3} mb={6}>
        {t('receipt.withheld')}
      </Title>
      <Shown query={withheld}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="sub">{t('receipt.withheld.none')}</p>
          ) : (
            <>
              <p className="sub">{t('receipt.withheld.detail')}</p>
              <ul className="receiptplaces">
                {items.map((item) => (
                  <li key={`${item.document} ${item.number}`}>
                    <Hidden of={item} />
                  </li>
                ))}
              </ul>
            </>
          )
        }
      </Shown>
    </section>
  );
}

function Hidden(props: { of: WithheldShape }): ReactNode {
  const { t } = useWords();
  const { title, path, page } = props.of;
  return (
    <>
      <b className="breakable">{title || nameOf(path).name}</b>
      <span className="sub">
        {[path, page === null ? '' : t('search.page', { page })].filter(Boolean).join(' · ')}
      </span>
    </>
  );
}
