/** A row of small bars beside a figure: how it came about. What it says is said in words elsewhere. */
import type { ReactNode } from 'react';

const WIDTH = 4;
const HEIGHT = 28;

export function Spark(props: { values: readonly (number | null)[]; since: number }): ReactNode {
  const { values, since } = props;
  const most = Math.max(...values.map((each) => each ?? 0), 0);
  return (
    <svg
      className="spark"
      viewBox={`0 0 ${values.length * WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {values.map((value, index) => {
        const height = most > 0 && value ? Math.max(1.5, (value / most) * HEIGHT) : 1;
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place in time
            key={index}
            x={index * WIDTH + 0.5}
            y={HEIGHT - height}
            width={WIDTH - 1}
            height={height}
            className={!value ? 'none' : index < since ? 'old' : undefined}
          />
        );
      })}
    </svg>
  );
}
