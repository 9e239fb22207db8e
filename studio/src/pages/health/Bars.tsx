/** Requests over time, those that failed in red. What it shows stands in words beside it. */
import type { ReactNode } from 'react';
import type { Step } from '../../lib/standing';

const WIDTH = 4;
const HEIGHT = 22;

export function Bars(props: { steps: readonly Step[] }): ReactNode {
  const most = Math.max(1, ...props.steps.map((each) => each.exchanges));
  return (
    <svg
      className="bars"
      viewBox={`0 0 ${props.steps.length * WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {props.steps.map((step, index) => {
        const all = step.exchanges > 0 ? Math.max(2, (step.exchanges / most) * HEIGHT) : 1;
        const bad = step.failures > 0 ? Math.max(2, (step.failures / most) * HEIGHT) : 0;
        const x = index * WIDTH + 0.5;
        return (
          <g key={step.at.getTime()}>
            <rect
              x={x}
              y={HEIGHT - all}
              width={WIDTH - 1}
              height={all}
              className={step.exchanges ? undefined : 'none'}
            />
            {bad > 0 && <rect x={x} y={HEIGHT - bad} width={WIDTH - 1} height={bad} className="bad" />}
          </g>
        );
      })}
    </svg>
  );
}
