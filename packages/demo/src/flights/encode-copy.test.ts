import { describe, expect, it } from 'vitest';
import { copyHeader, copyTrailer, encodeCopy } from './encode-copy.ts';

const flight = {
  rows: 1,
  date: [946_684_800_000_001n],
  delay: [-9n],
  distance: [2475n],
  origin: ['JFK'],
  destination: ['Zürich'],
};

describe('encodeCopy', () => {
  it('writes five fields: microseconds since 2000, two integers, two texts in UTF-8', () => {
    const [encoded] = encodeCopy(flight);
    expect(encoded?.rows).toBe(1);
    expect(encoded?.buffer.toString('hex')).toBe(
      [
        '0005',
        '00000008 0000000000000001',
        '00000004 fffffff7',
        '00000004 000009ab',
        '00000003 4a464b',
        '00000007 5ac3bc72696368',
      ]
        .join('')
        .replaceAll(' ', ''),
    );
  });

  it('cuts a batch into buffers of 4,096 rows and loses none', () => {
    const rows = 10_000;
    const many = {
      rows,
      date: new Array(rows).fill(0n),
      delay: new Array(rows).fill(1n),
      distance: new Array(rows).fill(2n),
      origin: new Array(rows).fill('A'),
      destination: new Array(rows).fill('B'),
    };
    const counts = [...encodeCopy(many)].map((encoded) => encoded.rows);
    expect(counts).toEqual([4096, 4096, 1808]);
  });

  it('refuses a number no integer column can hold', () => {
    expect(() => [...encodeCopy({ ...flight, delay: [2n ** 40n] })]).toThrow(RangeError);
  });

  it('frames the rows with signature, flags and end', () => {
    expect(copyHeader().toString('latin1')).toBe(`PGCOPY\n\xff\r\n\0${'\0'.repeat(8)}`);
    expect(copyTrailer().readInt16BE()).toBe(-1);
  });
});
