import type { Coverage, CoverageState } from '@silver/console/api';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { colourOf, useTheme } from '../settings/colours.ts';
import { axisLabel } from '../time/axis-label.ts';
import { formatCount } from '../time/duration.ts';
import { formatInstant } from '../time/instant.tsx';
import { useZone } from '../time/zone.ts';
import {
  drawingOrder,
  pan,
  type Span,
  spanAt,
  ticks,
  toSpans,
  type View,
  wholeView,
  zoom,
} from './coverage-spans.ts';

const words: Readonly<Record<CoverageState, string>> = {
  dead: 'out of attempts: retry or discard',
  retrying: 'failed, waits for its next attempt',
  running: 'a worker computes it',
  queued: 'waits for a worker',
  dirty: 'changed since it was computed',
  provisional: 'computed before its writers had ended',
  unsettled: 'in doubt: a change or a parent is not dealt with yet',
  frozen: 'final',
  covered: 'computed and right',
  missing: 'due and not computed',
  expired: 'dropped by retention',
};

const stripHeight = 44;
const axisHeight = 22;

export interface CoverageMapProps {
  readonly coverage: readonly Coverage[];
  /** Called with the stretch somebody chose by pointing at it. */
  readonly onChoose: (from: string, to: string) => void;
}

/** All the time of a rollup as a strip: from years to single buckets. */
export function CoverageMap({ coverage, onChoose }: CoverageMapProps) {
  const spans = useMemo(() => toSpans(coverage), [coverage]);
  const whole = useMemo(() => wholeView(spans, Date.now()), [spans]);
  const [chosen, setChosen] = useState<View | null>(null); // null: the whole, however it grows
  const [cursor, setCursor] = useState<number | null>(null);
  const view = chosen ?? whole;
  const zone = useZone();
  const under = cursor === null ? undefined : spanAt(spans, cursor);
  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => setChosen(pan(view, -0.2, whole)),
    ArrowRight: () => setChosen(pan(view, 0.2, whole)),
    '+': () => setChosen(zoom(view, 0.5, 0.5, whole)),
    '-': () => setChosen(zoom(view, 2, 0.5, whole)),
    Home: () => setChosen(null),
  };
  return (
    <div class="coverage">
      <div class="toolbar">
        <button type="button" onClick={keys['+']} aria-label="Zoom in">
          +
        </button>
        <button type="button" onClick={keys['-']} aria-label="Zoom out">
          −
        </button>
        <button type="button" onClick={keys['ArrowLeft']} aria-label="Earlier">
          ←
        </button>
        <button type="button" onClick={keys['ArrowRight']} aria-label="Later">
          →
        </button>
        <button type="button" onClick={keys['Home']}>
          All
        </button>
        {[
          ['Last year', 365],
          ['Last month', 30],
          ['Last week', 7],
          ['Last day', 1],
        ].map(([label, days]) => (
          <button
            key={label}
            type="button"
            onClick={() =>
              setChosen({
                from: Math.max(whole.from, whole.to - Number(days) * 86_400_000),
                to: whole.to,
              })
            }
          >
            {label}
          </button>
        ))}
      </div>
      <Strip
        spans={spans}
        view={view}
        zone={zone}
        label={describe(coverage)}
        onKey={(key) => keys[key]?.()}
        onZoom={(factor, about) => setChosen(zoom(view, factor, about, whole))}
        onPan={(share) => setChosen(pan(view, share, whole))}
        onCursor={setCursor}
        onPoint={(at) => {
          const span = spanAt(spans, at);
          if (span !== undefined && Number.isFinite(span.from) && Number.isFinite(span.to)) {
            onChoose(new Date(span.from).toISOString(), new Date(span.to).toISOString());
          }
        }}
      />
      <p class="under" aria-live="off">
        {under === undefined || cursor === null ? (
          <>
            {formatInstant(new Date(view.from).toISOString(), zone)} to{' '}
            {formatInstant(new Date(view.to).toISOString(), zone)} ({zone})
          </>
        ) : (
          <>
            <b>{under.state}</b>, {words[under.state]}: {formatInstant(isoOf(under.from), zone)} to{' '}
            {formatInstant(isoOf(under.to), zone)}
          </>
        )}
      </p>
      <Legend coverage={coverage} />
    </div>
  );
}

interface StripProps {
  readonly spans: readonly Span[];
  readonly view: View;
  readonly zone: string;
  readonly label: string;
  readonly onKey: (key: string) => void;
  readonly onZoom: (factor: number, about: number) => void;
  readonly onPan: (share: number) => void;
  readonly onCursor: (at: number | null) => void;
  readonly onPoint: (at: number) => void;
}

function Strip(props: StripProps) {
  const { label, onCursor, onKey, onPan, onPoint, onZoom, spans, view, zone } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const theme = useTheme();
  const dragged = useRef<{ x: number; moved: boolean } | null>(null);

  useEffect(() => {
    const element = canvas.current;
    if (element === null) {
      return;
    }
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    if (canvas.current !== null && width > 0) {
      draw(canvas.current, width, spans, view, zone);
    }
  }, [width, spans, view, zone, theme]);

  // Preact listens to the wheel passively, and a passive listener cannot keep the page from scrolling.
  useEffect(() => {
    const element = canvas.current;
    const onWheel = (event: WheelEvent) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) {
        event.preventDefault();
        onZoom(event.deltaY > 0 ? 1.25 : 0.8, event.offsetX / Math.max(1, width));
      }
    };
    element?.addEventListener('wheel', onWheel, { passive: false });
    return () => element?.removeEventListener('wheel', onWheel);
  }, [onZoom, width]);

  const instantAt = (event: MouseEvent) =>
    view.from + (event.offsetX / Math.max(1, width)) * (view.to - view.from);
  return (
    <canvas
      ref={canvas}
      class="strip"
      height={stripHeight + axisHeight}
      role="img"
      aria-label={label}
      tabIndex={0}
      title="Drag to move; Ctrl or Shift and the wheel, or + and −, to zoom; click to choose a stretch"
      onKeyDown={(event) => {
        if (['ArrowLeft', 'ArrowRight', '+', '-', 'Home'].includes(event.key)) {
          event.preventDefault();
          onKey(event.key);
        }
      }}
      onPointerDown={(event) => {
        dragged.current = { x: event.offsetX, moved: false };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        onCursor(instantAt(event));
        const drag = dragged.current;
        if (drag !== null && Math.abs(event.offsetX - drag.x) > 3) {
          onPan((drag.x - event.offsetX) / Math.max(1, width));
          dragged.current = { x: event.offsetX, moved: true };
        }
      }}
      onPointerUp={(event) => {
        if (dragged.current?.moved === false) {
          onPoint(instantAt(event));
        }
        dragged.current = null;
      }}
      onPointerLeave={() => onCursor(null)}
    />
  );
}

function draw(
  canvas: HTMLCanvasElement,
  width: number,
  spans: readonly Span[],
  view: View,
  zone: string,
): void {
  const scale = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round((stripHeight + axisHeight) * scale);
  const context = canvas.getContext('2d');
  if (context === null) {
    return;
  }
  context.scale(scale, scale);
  context.clearRect(0, 0, width, stripHeight + axisHeight);
  context.fillStyle = colourOf('--sunken');
  context.fillRect(0, 0, width, stripHeight);
  const toX = (at: number) => ((at - view.from) / (view.to - view.from)) * width;
  for (const { from, state, to } of spans) {
    if (to <= view.from || from >= view.to) {
      continue;
    }
    const x = Math.max(0, toX(from));
    const end = Math.min(width, toX(to));
    context.fillStyle = colourOf(`--state-${state}`);
    context.fillRect(x, 0, Math.max(1, end - x), stripHeight);
  }
  context.fillStyle = colourOf('--quiet');
  context.strokeStyle = colourOf('--line');
  context.font = '11px system-ui, sans-serif';
  context.textBaseline = 'bottom';
  const wide = view.to - view.from;
  for (const at of ticks(view, Math.max(2, Math.floor(width / 110)))) {
    const x = toX(at);
    context.beginPath();
    context.moveTo(x, stripHeight);
    context.lineTo(x, stripHeight + 5);
    context.stroke();
    const label = axisLabel(at, wide, zone);
    context.fillText(
      label,
      Math.min(x + 2, width - context.measureText(label).width),
      stripHeight + axisHeight - 2,
    );
  }
}

/** Each state that is there: colour, word, how many buckets. A table, so that it is the map for whoever cannot see it. */
function Legend({ coverage }: { coverage: readonly Coverage[] }) {
  const there = drawingOrder
    .toReversed()
    .flatMap((state) => coverage.filter((part) => part.state === state));
  return (
    <table class="legend">
      <caption class="hidden">Coverage by state</caption>
      <thead class="hidden">
        <tr>
          <th scope="col">State</th>
          <th scope="col">Buckets</th>
          <th scope="col">Meaning</th>
        </tr>
      </thead>
      <tbody>
        {there.map(({ buckets, exact, state }) => (
          <tr key={state} data-state={state}>
            <th scope="row">
              <span class={`swatch state-${state}`} aria-hidden="true" /> {state}
            </th>
            <td class="number">{buckets === null ? 'unbounded' : formatCount(buckets)}</td>
            <td>
              {words[state]}
              {!exact && ' (too scattered to draw each bucket)'}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function describe(coverage: readonly Coverage[]): string {
  const parts = coverage.map(
    ({ buckets, state }) => `${buckets === null ? 'unbounded' : formatCount(buckets)} ${state}`,
  );
  return `Coverage: ${parts.length === 0 ? 'nothing yet' : `${parts.join(', ')} buckets`}`;
}

function isoOf(at: number): string {
  return Number.isFinite(at) ? new Date(at).toISOString() : at > 0 ? 'infinity' : '-infinity';
}
