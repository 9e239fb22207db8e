/** Lines over time, drawn on a canvas; the same figures stand in the table beside it for those who cannot see it. */
import 'uplot/dist/uPlot.min.css';
import { useComputedColorScheme } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import type { Format } from '../lib/format';
import type { Series } from '../lib/series';

const LIGHT = ['#3b5bdb', '#0b7285', '#c2410c', '#7e22ce', '#15803d', '#b4235f', '#6b7280'];
const DARK = ['#91a7ff', '#66d9e8', '#ffa94d', '#c4a1ff', '#69db7c', '#f783ac', '#9aa4b2'];

export function Chart(props: {
  series: Series;
  label: string;
  show: (value: number) => string;
  format: Format;
  height?: number;
}): ReactNode {
  const { series, show, format } = props;
  const box = useRef<HTMLDivElement>(null);
  const dark = useComputedColorScheme('light') === 'dark';
  const colors = dark ? DARK : LIGHT;
  const [at, setAt] = useState<number | null>(null);

  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const ink = dark ? '#9aa4b2' : '#5b6472';
    const line = dark ? '#23282f' : '#edeff3';
    const axis = { stroke: ink, font: "11px 'Inter Variable', sans-serif", ticks: { show: false } };
    const height = props.height ?? 250;
    const plot = new uPlot(
      {
        width: element.clientWidth,
        height,
        padding: [12, 16, 0, 4],
        cursor: { points: { size: 7 }, y: false, drag: { x: false, y: false } },
        legend: { show: false },
        scales: { y: { range: (_, __, max) => [0, max > 0 ? max * 1.12 : 1] } },
        axes: [
          {
            ...axis,
            grid: { show: false },
            space: 80,
            ...(series.times.length > 1 && (series.times[1] ?? 0) - (series.times[0] ?? 0) > 3600
              ? { incrs: [1, 2, 7, 14, 30].map((days) => days * 86_400) }
              : {}),
            values: (_, splits) =>
              splits.map((each, index) => tick(each, splits[index + 1] ?? splits[index - 1], format)),
          },
          {
            ...axis,
            grid: { stroke: line, width: 1 },
            size: 74,
            space: 44,
            values: (_, splits) => splits.map(show),
          },
        ],
        series: [
          {},
          ...series.lines.map((each, index) => ({
            label: each.name,
            stroke: colors[index % colors.length] ?? ink,
            width: 1.75,
            fill: series.lines.length === 1 ? `${colors[0]}1f` : undefined,
            points: { show: series.times.length < 3 },
            spanGaps: false,
          })),
        ],
        hooks: { setCursor: [(chart) => setAt(chart.cursor.idx ?? null)] },
      },
      [series.times, ...series.lines.map((each) => each.values)] as uPlot.AlignedData,
      element,
    );
    const sized = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    sized.observe(element);
    return () => {
      sized.disconnect();
      plot.destroy();
    };
  }, [series, dark, show, format, props.height, colors]);

  const time = at === null ? undefined : series.times[at];
  return (
    <>
      <div className="chart" ref={box} role="img" aria-label={props.label} />
      <div className="legend num">
        {time !== undefined && <span>{format.dateTime(new Date(time * 1000))}</span>}
        {series.lines.map((line, index) => {
          const value = at === null ? undefined : line.values[at];
          return (
            <span key={line.id}>
              <i style={{ background: colors[index % colors.length] }} />
              {line.name}
              {typeof value === 'number' && <b style={{ marginLeft: 6 }}>{show(value)}</b>}
            </span>
          );
        })}
      </div>
    </>
  );
}

function tick(at: number, other: number | undefined, format: Format): string {
  const near = other !== undefined && Math.abs(other - at) < 86_400;
  const when = new Date(at * 1000);
  return near && (when.getHours() !== 0 || when.getMinutes() !== 0)
    ? format.time(when).replace(/:00(?=\D*$)/, '')
    : format.date(when).replace(/,? ?\d{4}$/, '');
}
