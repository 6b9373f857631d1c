#!/usr/bin/env -S node --v8-pool-size=1
import { setFlagsFromString } from 'node:v8';

// Before anything is loaded: by default V8 lets what is young grow to tens of megabytes before it looks through it, and a worker that runs for months
// leaves little to collect. A worker of 150 MB was one of 120.
setFlagsFromString('--semi-space-growth-factor=1');
// And with one thread instead of four to collect, each of which keeps memory of its own (the first line, and whoever starts it with node): after 3,000
// chunks a worker had grown from 99 MB to 170, now to 108, in the same time.
// npm installs it on an older Node with a warning at most, and then it would end with the name of whatever was not there yet.
const oldestNode = 24;
if (Number.parseInt(process.versions.node, 10) < oldestNode) {
  process.stderr.write(
    `silver: Silver needs Node ${oldestNode} or later, and this is ${process.versions.node}.\nInstall Node ${oldestNode}, or start silver with it.\n`,
  );
  process.exit(1);
}

const [{ buildProgram }, { runProgram }] = await Promise.all([
  import('./build-program.ts'),
  import('./run-program.ts'),
]);

process.exitCode = await runProgram(buildProgram(), process.argv);
