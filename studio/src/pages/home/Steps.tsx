/** What whoever is new does first. Steps tick themselves off; when all are taken, they are gone. */
import { Button, Text } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconCheck, IconChevronRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { StepShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { Card } from '../../ui/parts';
import { Connect } from './Connect';

const PLACES = {
  ask: '/playground',
  add_provider: '/providers',
  make_key: '/keys',
  call: undefined,
  invite: '/members',
} as const;

export const left = (steps: StepShape[]): number => steps.filter((step) => !step.done).length;

export function Steps(props: { steps: StepShape[]; gateway: string }): ReactNode {
  const { t, f } = useWords();
  const { steps } = props;
  const [folded, fold] = useLocalStorage({ key: 'counterpoint.steps.folded', defaultValue: false });
  const done = steps.length - left(steps);
  const next = steps.find((step) => !step.done)?.code;
  return (
    <Card
      title={t('home.steps')}
      aside={
        <span className="steps-aside">
          <Text span size="xs" c="dimmed" className="num">
            {t('home.steps.done', { done: f.number(done), of: f.number(steps.length) })}
          </Text>
          <Button
            variant="subtle"
            color="gray"
            size="compact-xs"
            aria-expanded={!folded}
            onClick={() => fold(!folded)}
          >
            {folded ? t('home.steps.unfold') : t('home.steps.fold')}
          </Button>
        </span>
      }
    >
      {!folded && (
        <div className="firststeps">
          <ol>
            {steps.map((step) => (
              <li key={step.code}>
                <Step step={step} next={step.code === next} />
              </li>
            ))}
          </ol>
          <Connect gateway={props.gateway} />
        </div>
      )}
    </Card>
  );
}

function Step(props: { step: StepShape; next: boolean }): ReactNode {
  const { t } = useWords();
  const { code, done } = props.step;
  const to = PLACES[code];
  const inner = (
    <>
      <span className="tick" aria-hidden>
        {done && <IconCheck size={12} stroke={3} />}
      </span>
      <span className="grow">
        <Text span size="sm" fw={500} className="what">
          {t(`home.step.${code}`)}
        </Text>
        <Text size="xs" c="dimmed">
          {done ? t('home.done') : t(`home.step.${code}.detail`)}
        </Text>
      </span>
      {to && !done && <IconChevronRight size={15} aria-hidden className="go" />}
    </>
  );
  const marks = { 'data-done': done || undefined, 'data-next': props.next || undefined };
  return to && !done ? (
    <Link to={to} className="step" {...marks}>
      {inner}
    </Link>
  ) : (
    <div className="step" {...marks}>
      {inner}
    </div>
  );
}
