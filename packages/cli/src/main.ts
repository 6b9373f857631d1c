#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';

// Before anything is loaded: by default V8 lets what is young grow to tens of megabytes before it looks through it, and a worker that runs for months
// leaves little to collect. A worker of 150 MB was one of 120.
setFlagsFromString('--semi-space-growth-factor=1');
const [{ buildProgram }, { runProgram }] = await Promise.all([
  import('./build-program.ts'),
  import('./run-program.ts'),
]);

process.exitCode = await runProgram(buildProgram(), process.argv);
