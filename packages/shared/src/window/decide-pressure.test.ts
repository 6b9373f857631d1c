import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  atEase,
  type DatabaseLoad,
  decidePressure,
  limitsFor,
  type Pressure,
} from './decide-pressure.ts';

const idle: DatabaseLoad = { activeBackends: 0, lockWaits: 0, replicaLagS: 0, oldestXminS: 0 };
const limits = limitsFor(2);

const signal = (max: number) => fc.option(fc.double({ min: 0, max, noNaN: true }));
const anyLoad = fc.record({
  activeBackends: signal(100),
  lockWaits: signal(200),
  replicaLagS: signal(1e4),
  oldestXminS: signal(1e5),
});
const anyPressure = fc
  .integer({ min: 10, max: 100 })
  .map((hundredths): Pressure => ({ ...atEase, factor: hundredths / 100 }));

describe('decidePressure', () => {
  it('holds nothing back while every signal is easy', () => {
    expect(decidePressure(atEase, { ...idle, activeBackends: 4 }, limits)).toEqual(atEase);
  });

  it.each([
    ['activeBackends', 8],
    ['lockWaits', 22],
    ['replicaLagS', 65],
    ['oldestXminS', 4_050],
  ] as const)('heeds %s, half-way between easy and hard, and says that it did', (name, value) => {
    const pressure = decidePressure(atEase, { ...idle, [name]: value }, limits);
    expect(pressure).toEqual({ factor: 0.55, causes: [name], off: [] });
  });

  it('goes by the worst signal and names all, the strongest first', () => {
    const load = { ...idle, lockWaits: 10, replicaLagS: 500 };
    expect(decidePressure(atEase, load, limits)).toEqual({
      factor: 0.1,
      causes: ['replicaLagS', 'lockWaits'],
      off: [],
    });
  });

  it('switches a signal off that cannot be read, or has no cores to be compared with, and says so', () => {
    const blind = { ...idle, replicaLagS: null, oldestXminS: null, activeBackends: 1_000 };
    expect(decidePressure(atEase, blind, limitsFor(0))).toEqual({
      factor: 1,
      causes: [],
      off: ['activeBackends', 'replicaLagS', 'oldestXminS'],
    });
  });

  it('recovers a tenth at a time, and all the way', () => {
    const factors: number[] = [];
    let pressure = decidePressure(atEase, { ...idle, lockWaits: 100 }, limits);
    while (pressure.factor < 1) {
      pressure = decidePressure(pressure, idle, limits);
      factors.push(pressure.factor);
    }
    expect(factors).toEqual([0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
  });

  it('always lets some work through, never grows by more than a tenth, and holds back at once', () => {
    fc.assert(
      fc.property(anyPressure, anyLoad, (before, load) => {
        const after = decidePressure(before, load, limits);
        expect(after.factor).toBeGreaterThanOrEqual(0.1);
        expect(after.factor).toBeLessThanOrEqual(Math.min(1, before.factor + 0.1001));
        const fresh = decidePressure(atEase, load, limits);
        expect(after.factor).toBeLessThanOrEqual(fresh.factor);
        expect(after.causes).toEqual(fresh.causes);
      }),
    );
  });

  it('never eases off when a signal grows', () => {
    fc.assert(
      fc.property(anyLoad, fc.double({ min: 0, max: 100, noNaN: true }), (load, more) => {
        const worse = { ...load, lockWaits: (load.lockWaits ?? 0) + more };
        const known = { ...load, lockWaits: load.lockWaits ?? 0 };
        expect(decidePressure(atEase, worse, limits).factor).toBeLessThanOrEqual(
          decidePressure(atEase, known, limits).factor,
        );
      }),
    );
  });
});
