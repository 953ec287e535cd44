// What the benchmarks of this folder find out, and the server that they measure.

import { appendFileSync } from 'node:fs';
import { test as story } from '../tests/stage/fixtures.ts';
import { Server } from '../tests/stage/server.ts';

/** Hundreds of chats and thousands of messages come from one address here. */
const UNLIMITED = Object.fromEntries(
  [
    'VISITOR_MESSAGES_PER_SECOND',
    'VISITOR_MESSAGES_BURST',
    'STARTS_PER_MINUTE_PER_ADDRESS',
    'STARTS_BURST_PER_ADDRESS',
  ].map((limit) => [`DESKBELL_LIMITS__${limit}`, '1000000']),
);

export const bench = story.extend<object, { server: Server }>({
  server: [
    async ({}, use) => {
      const server = await Server.start(UNLIMITED);
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
});

/** A row of the table, in milliseconds; no number where nothing is asked. */
export function row(what: string, milliseconds: number, goal?: number, must?: number): void {
  const line = JSON.stringify({ what, value: milliseconds, unit: 'ms', goal, must });
  console.log(line);
  const file = process.env.DESKBELL_FIGURES;
  if (file) appendFileSync(file, `${line}\n`);
}

/** The value below which so large a part of them lies. */
export function percentile(values: number[], part: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor((sorted.length - 1) * part)] ?? 0;
}

/** So many things, some of them at a time. */
export async function many(count: number, task: (at: number) => Promise<unknown>, atOnce = 32): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await task(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
