import { MultiBar, type SingleBar } from 'cli-progress';
import pc from 'picocolors';

/** One line of progress: how far, of how much, and what else there is to say. */
export interface Progress {
  readonly label: string;
  readonly done: number;
  readonly total: number;
  readonly detail: string;
}

/** Where the demonstration tells what happens. */
export interface Screen extends Disposable {
  /** A line that stays, above any bars. */
  say(line: string): void;
  /** Shows bars, or brings those on the screen up to date. */
  show(bars: readonly Progress[]): void;
  /** Leaves the bars as they stand; the next ones are new. */
  settle(): void;
}

type Output = NodeJS.WriteStream;

/** Bars on a terminal; elsewhere (a pipe, CI) a plain line for each of them every few seconds. */
export function openScreen(output: Output): Screen {
  return output.isTTY ? openTerminal(output) : openPlain(output);
}

function openTerminal(output: Output): Screen {
  let multi: MultiBar | undefined;
  let singles = new Map<string, SingleBar>();
  const settle = () => {
    multi?.update();
    multi?.stop();
    multi = undefined;
    singles = new Map();
  };
  return {
    say: (line) => {
      if (multi === undefined) {
        output.write(`${line}\n`);
      } else {
        multi.log(`${line}\n`);
      }
    },
    show: (bars) => {
      const width = Math.max(...bars.map(({ label }) => label.length));
      multi ??= new MultiBar({
        barsize: 24,
        format: `  {label} ${pc.cyan('{bar}')} {percentage} %  {detail}`,
        barCompleteChar: '█',
        barIncompleteChar: '░',
        fps: 8,
        hideCursor: true,
        linewrap: false,
        // Ctrl-C is for this program, which cleans up; not for the bars.
        gracefulExit: false,
        noTTYOutput: false,
        stream: output,
      });
      for (const { detail, done, label, total } of bars) {
        const payload = { label: label.padEnd(width), detail };
        const known = singles.get(label);
        if (known === undefined) {
          singles.set(label, multi.create(total, done, payload));
        } else {
          known.update(done, payload);
        }
      }
    },
    settle,
    [Symbol.dispose]: settle,
  };
}

const plainIntervalMs = 2_000;

function openPlain(output: Output): Screen {
  let shownAt = Number.NEGATIVE_INFINITY;
  let latest: readonly Progress[] = [];
  const print = () => {
    for (const { detail, done, label, total } of latest) {
      const percentage = total === 0 ? 100 : Math.floor((done * 100) / total);
      output.write(`  ${label} ${percentage} %  ${detail}\n`);
    }
    latest = [];
    shownAt = performance.now();
  };
  const settle = () => {
    print();
    shownAt = Number.NEGATIVE_INFINITY;
  };
  return {
    say: (line) => {
      output.write(`${line}\n`);
    },
    show: (bars) => {
      latest = bars;
      if (performance.now() - shownAt >= plainIntervalMs) {
        print();
      }
    },
    settle,
    [Symbol.dispose]: () => undefined,
  };
}
