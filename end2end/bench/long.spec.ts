// A conversation of ten thousand messages, and an inbox of five thousand chats.

import type { Page } from '@playwright/test';
import { Caller } from '../tests/stage/chats.ts';
import { bench, many, percentile, row } from './figures.ts';

const MESSAGES = 10_000;
const CHATS = 5_000;
const STEPS = 120;

/** Two pictures at sixty a second: a step is put to the screen in the second one after it. */
const NO_FRAME_DROPPED = 34;

/** How long the steps took when it is scrolled by a screen at a time, in milliseconds. */
function scroll(page: Page, selector: string, way: 1 | -1): Promise<number[]> {
  return page.evaluate(
    async ([selector, way, steps]) => {
      const list = document.querySelector(selector);
      if (!list) throw new Error(`there is no ${selector}`);
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      const times: number[] = [];
      await frame();
      for (let step = 0; step < steps; step += 1) {
        const began = performance.now();
        list.scrollTop += way * list.clientHeight;
        await frame();
        await frame();
        times.push(performance.now() - began);
      }
      return times;
    },
    [selector, way, STEPS] as const,
  );
}

bench('a conversation of ten thousand messages', async ({ stage }) => {
  const aki = await stage.staff('aki');
  await aki.go();
  const lena = await stage.waiting('Lena', '0: Hello');
  await aki.take(lena.name);
  await many(MESSAGES, (at) => lena.say(`${at + 1}: Are these boots waterproof, and do they come in a wide fit as well?`));
  await aki.page.reload();
  await bench.expect(aki.log).toContainText('Are these boots waterproof');
  row('scrolling 10,000 messages up, a screen, p95', percentile(await scroll(aki.page, '[role=log]', -1), 0.95), NO_FRAME_DROPPED);
  row('and down', percentile(await scroll(aki.page, '[role=log]', 1), 0.95), NO_FRAME_DROPPED);

  // From the key to the moment the browser has laid out what it changed.
  await aki.composer.focus();
  await aki.page.evaluate(() => {
    const times: number[] = [];
    Object.assign(window, { times });
    addEventListener('keydown', () => times.push(-performance.now()), true);
    addEventListener('input', () => {
      const at = times.length - 1;
      void document.body.offsetHeight;
      times[at] = (times[at] ?? 0) + performance.now();
    });
  });
  await aki.page.keyboard.type('Yes, they are, and they come in a wide fit too. Shall I put a pair aside?', { delay: 40 });
  const times = await aki.page.evaluate(() => (window as unknown as { times: number[] }).times);
  row('a letter typed beside them, p95', percentile(times, 0.95), 16);
});

bench('an inbox of five thousand chats', async ({ stage }) => {
  await stage.server.setQueue({ rules: { wait_timeout: 3_600 } });
  await many(CHATS, (at) => Caller.start(stage.server, { name: `Guest ${at}`, question: 'Is anybody there?' }));
  const sam = await stage.staff('supervisor');
  await sam.go();
  await bench.expect(sam.tab('Incoming')).toContainText(String(CHATS));
  const list = sam.page.getByRole('tabpanel', { name: 'Incoming' });
  await list.evaluate((list) => list.setAttribute('data-measured', ''));
  row('scrolling 5,000 chats, a screen, p95', percentile(await scroll(sam.page, '[data-measured]', 1), 0.95), NO_FRAME_DROPPED);
});
