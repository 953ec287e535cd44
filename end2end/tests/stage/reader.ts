// How a conversation is read that is longer than what stands in the document.

import type { Page } from '@playwright/test';

export interface Walk {
  /** The numbers at the beginnings of the messages that were met, lowest and highest. */
  from: number;
  to: number;
  /** Neighbours that should not be. */
  wrong: string[];
  /** Most messages and most elements that stood in the conversation at once. */
  messages: number;
  elements: number;
  /** Steps, and how long the longest ones took from the step to the second picture after it, in milliseconds. */
  steps: number;
  median: number;
  p95: number;
}

/** Scrolls until there is nothing more that way, and looks at everything that comes by. */
export function walk(page: Page, way: 'up' | 'down', most = 10_000): Promise<Walk> {
  return page.evaluate(
    async ([way, most]) => {
      const log = document.querySelector<HTMLElement>('[role=log]');
      if (!log) throw new Error('no conversation is open');
      const GAP = '.dk-item .dk-log__earlier';
      const near = () => {
        const { top, bottom } = log.getBoundingClientRect();
        const gaps = [...log.querySelectorAll(GAP)].map((gap) => gap.getBoundingClientRect());
        return gaps.some((gap) => gap.bottom > top - 500 && gap.top < bottom + 500);
      };
      // A leap ends at a gap, or it would be read as if nothing were missing.
      const leap = () => {
        const { top, bottom } = log.getBoundingClientRect();
        const ahead = [...log.querySelectorAll(GAP)]
          .map((gap) => gap.getBoundingClientRect())
          .map((gap) => (way === 'up' ? top - gap.bottom : gap.top - bottom))
          .filter((distance) => distance > 0);
        return Math.min(log.clientHeight * 2.2, ...ahead.map((distance) => distance + 20));
      };
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      const walk = { from: Infinity, to: -Infinity, wrong: [] as string[], messages: 0, elements: 0, steps: 0 };
      const times: number[] = [];
      const look = () => {
        // A gap that is not near yet may stand in the document: what counts is what stands together with the screen.
        const top = log.getBoundingClientRect().top;
        const runs: Element[][] = [[]];
        for (const item of log.querySelectorAll(`.dk-bubble, ${GAP}`)) {
          if (item.matches(GAP)) runs.push([]);
          else runs.at(-1)?.push(item);
        }
        const seen = runs.find((run) => run.some((bubble) => bubble.getBoundingClientRect().bottom > top)) ?? [];
        const numbers = seen
          .map((bubble) => parseInt(bubble.textContent ?? '', 10))
          .filter((number) => !Number.isNaN(number));
        numbers.forEach((number, at) => {
          if (at > 0 && number !== (numbers[at - 1] ?? 0) + 1) walk.wrong.push(`${numbers[at - 1]} then ${number}`);
        });
        const [first = 0, last = 0] = [numbers[0], numbers.at(-1)];
        if (walk.steps > 0 && (first > walk.to + 1 || last < walk.from - 1)) {
          walk.wrong.push(`${walk.from}–${walk.to}, then ${first}–${last}`);
        }
        walk.from = Math.min(walk.from, first);
        walk.to = Math.max(walk.to, last);
        walk.messages = Math.max(walk.messages, numbers.length);
        walk.elements = Math.max(walk.elements, log.querySelectorAll('*').length);
      };
      const more = () => log.querySelector('.dk-log__earlier') !== null;
      // Not at the end of everything as long as something is on its way.
      let still = 0;
      while (still < 30 && walk.steps < most) {
        // What is missing between two messages is on its way as soon as one is near.
        for (let wait = 0; wait < 600 && near(); wait += 1) await frame();
        look();
        const before = log.scrollTop;
        const far = leap();
        const began = performance.now();
        log.scrollTop += (way === 'up' ? -1 : 1) * far;
        await frame();
        await frame();
        times.push(performance.now() - began);
        walk.steps += 1;
        const stands = way === 'up' ? log.scrollTop <= 0 : Math.abs(log.scrollTop - before) < 1;
        still = stands && !(way === 'up' && more()) ? still + 1 : 0;
      }
      look();
      times.sort((one, other) => one - other);
      const at = (part: number) => Math.round(times[Math.floor((times.length - 1) * part)] ?? 0);
      return { ...walk, median: at(0.5), p95: at(0.95) };
    },
    [way, most] as const,
  );
}

/** The message at the top of the screen, and how far below the top it begins. */
export function atTop(page: Page): Promise<{ text: string; top: number }> {
  return page.evaluate(() => {
    const log = document.querySelector<HTMLElement>('[role=log]');
    const edge = log?.getBoundingClientRect().top ?? 0;
    const found = [...(log?.querySelectorAll('.dk-bubble') ?? [])].find((bubble) => bubble.getBoundingClientRect().bottom > edge + 40);
    return { text: found?.textContent ?? '', top: Math.round((found?.getBoundingClientRect().top ?? 0) - edge) };
  });
}
