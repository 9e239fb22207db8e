/**
 * Bars on top of each other, or lines, over time. Drawn on a canvas; what stands there can also be walked through with
 * the arrow keys and read from a table that only screen readers meet.
 */
import 'uplot/dist/uPlot.min.css';
import './chart.css';
import { useComputedColorScheme, VisuallyHidden } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import type { Format } from '../lib/format';
import type { Period } from '../lib/period';
import { marks, OTHERS, type Series, ticks } from '../lib/series';

const LIGHT = ['#3b5bdb', '#1098ad', '#e67700', '#7950f2', '#2b8a3e', '#d6336c', '#8d6e3f'];
const DARK = ['#748ffc', '#3bc9db', '#ffa94d', '#b197fc', '#69db7c', '#f783ac', '#d8b46a'];
const REST = { light: '#adb5bd', dark: '#5c6672' };
const INK = { light: '#5b6472', dark: '#9aa4b2' };
const GRID = { light: '#edeff3', dark: '#22272e' };
const SURFACE = { light: '#ffffff', dark: '#15181d' };
const FONT = "11px 'Inter Variable', sans-serif";
const LABEL_PX = 64;
const RIGHT_PX = 14;

export interface Drawn {
  series: Series;
  period: Period;
  /** What is drawn, in words. */
  label: string;
  show: (value: number) => string;
  /** Counted things have no halves. */
  whole: boolean;
  format: Format;
  words: Words;
  /** A bar was chosen. */
  pick?: ((index: number) => void) | undefined;
}

interface Words {
  total: string;
  time: string;
  keys: string;
}

export function useColors(): (id: string, index: number) => string {
  const scheme = useComputedColorScheme('light');
  const colors = scheme === 'dark' ? DARK : LIGHT;
  return (id, index) => (id === OTHERS ? REST[scheme] : (colors[index % colors.length] ?? REST[scheme]));
}

/** Each line on top of those before it; the last comes first, because what is drawn later covers it. */
function stacked(series: Series): (number | null)[][] {
  const sums = series.times.map(() => 0);
  const layers = series.lines.map((line) =>
    line.values.map((value, index) => {
      sums[index] = (sums[index] ?? 0) + (value ?? 0);
      return value ? (sums[index] ?? 0) : null;
    }),
  );
  return layers.reverse();
}

function options(drawn: Drawn, size: { width: number; height: number }, color: string[], dark: boolean) {
  const { series, period, format } = drawn;
  const scheme = dark ? 'dark' : 'light';
  const count = series.times.length;
  const bars = series.stacked || series.lines.length === 1;
  const most = Math.max(
    0,
    ...series.times.map((_, index) => {
      const values = series.lines.map((line) => line.values[index] ?? 0);
      return series.stacked ? values.reduce((sum, each) => sum + each, 0) : Math.max(0, ...values);
    }),
  );
  const splits = ticks(most, drawn.whole);
  const axis = { stroke: INK[scheme], font: FONT, ticks: { show: false } };
  const shades = series.stacked ? [...color].reverse() : color;
  const built: uPlot.Options = {
    ...size,
    padding: [10, RIGHT_PX, 0, 0],
    legend: { show: false },
    cursor: { x: false, y: false, points: { show: !bars, size: 8 }, drag: { x: false, y: false } },
    scales: {
      x: { time: false, range: () => [-0.5, count - 0.5] },
      y: { range: () => [0, splits.at(-1) ?? 1] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 26,
        gap: 8,
        splits: (plot) => marks(series.times, period, plot.bbox.width / devicePixelRatio / LABEL_PX),
        values: (_, at) => at.map((index) => tick(series.times[index], period, format)),
      },
      {
        ...axis,
        grid: { stroke: GRID[scheme], width: 1 },
        gap: 8,
        splits: () => splits,
        values: (_, at) => at.map(drawn.show),
        size: (plot, values) => {
          plot.ctx.font = FONT;
          const widest = Math.max(0, ...(values ?? []).map((each) => plot.ctx.measureText(each).width));
          return Math.ceil(widest) + 22;
        },
      },
    ],
    series: [
      {},
      ...shades.map(
        (shade): uPlot.Series =>
          bars
            ? {
                fill: shade,
                stroke: SURFACE[scheme],
                width: 1,
                points: { show: false },
                paths: uPlot.paths.bars?.({ size: [count > 45 ? 0.86 : 0.74, 64] }) ?? (() => null),
              }
            : { stroke: shade, width: 2, points: { show: true, size: 4.5, fill: shade }, spanGaps: false },
      ),
    ],
  };
  return built;
}

const heightFor = (width: number): number => Math.round(Math.min(340, Math.max(210, width * 0.22)));

export function Chart(props: Drawn): ReactNode {
  const { series, format, pick } = props;
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const dark = useComputedColorScheme('light') === 'dark';
  const colorOf = useColors();
  const colors = series.lines.map((line, index) => colorOf(line.id, index));
  const [at, setAt] = useState<number | null>(null);
  const [told, setTold] = useState('');
  const latest = useRef(props);
  latest.current = props;
  const palette = colors.join();

  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const size = (): { width: number; height: number } => ({
      width: element.clientWidth,
      height: heightFor(element.clientWidth),
    });
    const drawn = { ...latest.current, series };
    const made = new uPlot(
      {
        ...options(drawn, size(), palette === '' ? [] : palette.split(','), dark),
        hooks: { setCursor: [(chart) => setAt(chart.cursor.idx ?? null)] },
      },
      [
        series.times.map((_, index) => index),
        ...(series.stacked ? stacked(series) : series.lines.map((each) => each.values)),
      ] as uPlot.AlignedData,
      element,
    );
    plot.current = made;
    const sized = new ResizeObserver(() => made.setSize(size()));
    sized.observe(element);
    return () => {
      sized.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [series, dark, palette]);

  const count = series.times.length;
  const shown = at !== null && at < count ? at : null;
  const walk = (event: KeyboardEvent): void => {
    const from = shown ?? count;
    const to = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: count - 1 }[event.key];
    if (event.key === 'Escape') setAt(null);
    else if (event.key === 'Enter' && shown !== null) pick?.(shown);
    else if (to !== undefined) {
      const next = Math.max(0, Math.min(count - 1, to));
      setAt(next);
      setTold(sentence(props, next));
    } else return;
    event.preventDefault();
  };
  return (
    <div className="chart">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms */}
      <div
        className="plot"
        ref={box}
        role="group"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is walked through with the arrow keys
        tabIndex={0}
        aria-label={`${props.label}. ${props.words.keys}`}
        data-pick={pick ? '' : undefined}
        onKeyDown={walk}
        onBlur={() => setAt(null)}
        onClick={(event) => {
          const drawn = plot.current;
          if (!drawn || !pick) return;
          const x = event.clientX - drawn.over.getBoundingClientRect().left;
          const index = drawn.posToIdx(x);
          if (x >= 0 && index >= 0 && index < count) pick(index);
        }}
      />
      {shown !== null && plot.current && (
        <Tip drawn={props} at={shown} plot={plot.current} colors={colors} format={format} />
      )}
      <VisuallyHidden>
        <output aria-live="polite">{told}</output>
        <Table drawn={props} />
      </VisuallyHidden>
    </div>
  );
}

function Tip(props: { drawn: Drawn; at: number; plot: uPlot; colors: string[]; format: Format }): ReactNode {
  const { drawn, at, plot } = props;
  const { series } = drawn;
  const left = plot.over.offsetLeft + plot.valToPos(at, 'x');
  const step = plot.valToPos(1, 'x') - plot.valToPos(0, 'x');
  const right = left > plot.width / 2;
  const gap = Math.min(step / 2, 34) + 10;
  const there = series.lines
    .map((line, index) => ({ ...line, value: line.values[at], color: props.colors[index] }))
    .filter((line) => (series.stacked ? line.value : typeof line.value === 'number'));
  const sum = there.reduce((all, line) => all + (line.value ?? 0), 0);
  return (
    <>
      <div
        className="band"
        style={{
          left: left - step / 2,
          width: step,
          top: plot.over.offsetTop,
          height: plot.over.offsetHeight,
        }}
      />
      <div
        className="tip num"
        style={right ? { right: plot.width - left + gap } : { left: left + gap }}
        aria-hidden
      >
        <b>{moment(series.times[at], drawn.period, props.format)}</b>
        {series.stacked && (
          <span className="line">
            <em>{drawn.words.total}</em>
            <strong>{drawn.show(sum)}</strong>
          </span>
        )}
        {(series.stacked ? there.reverse() : there).map((line) => (
          <span key={line.id} className="line">
            <i style={{ background: line.color }} />
            <em>{line.name}</em>
            <span>{drawn.show(line.value ?? 0)}</span>
          </span>
        ))}
        {!series.stacked && there.length === 0 && <span className="line">–</span>}
      </div>
    </>
  );
}

/** One bar in words. */
function sentence(drawn: Drawn, at: number): string {
  const { series } = drawn;
  const parts = series.lines
    .map((line) => ({ name: line.name, value: line.values[at] }))
    .filter((line) => typeof line.value === 'number' && (line.value !== 0 || !series.stacked))
    .map((line) => `${line.name} ${drawn.show(line.value ?? 0)}`);
  const sum = series.lines.reduce((all, line) => all + (line.values[at] ?? 0), 0);
  const head = moment(series.times[at], drawn.period, drawn.format);
  return `${head}: ${[...(series.stacked ? [`${drawn.words.total} ${drawn.show(sum)}`] : []), ...parts].join('; ')}`;
}

function Table(props: { drawn: Drawn }): ReactNode {
  const { series, label, period, format, words, show } = props.drawn;
  return (
    <table>
      <caption>{label}</caption>
      <thead>
        <tr>
          <th scope="col">{words.time}</th>
          {series.lines.map((line) => (
            <th key={line.id} scope="col">
              {line.name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {series.times.map((time, index) => (
          <tr key={time.getTime()}>
            <th scope="row">{moment(time, period, format)}</th>
            {series.lines.map((line) => {
              const value = line.values[index];
              return <td key={line.id}>{typeof value === 'number' ? show(value) : '–'}</td>;
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function moment(at: Date | undefined, period: Period, format: Format): string {
  if (!at) return '';
  if (period === 'day') return format.day(at);
  return `${format.shortDay(at)}, ${format.hour(at)} – ${format.hour(new Date(at.getTime() + 3_600_000))}`;
}

function tick(at: Date | undefined, period: Period, format: Format): string {
  if (!at) return '';
  return period === 'hour' && at.getHours() !== 0 ? format.hour(at) : format.shortDay(at);
}
