import { expect, test } from './stage/fixtures.ts';
import { accessible } from './stage/axe.ts';
import { atTop, walk } from './stage/reader.ts';

const DAY = 86_400_000;

/** As the field takes it. */
function day(ago: number): string {
  const date = new Date(Date.now() - ago * DAY);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

test('ten thousand messages: opened by their end, read back to the first, none missing and none twice', async ({ stage }, info) => {
  test.setTimeout(480_000);
  const aki = await stage.staff('aki');
  await aki.go();
  const lena = await stage.long('aki', 'Lena', 10_000, 60);

  const asked: string[] = [];
  aki.page.on('request', (request) => {
    const name = /\/api\/(thread|history|thread-at)$/.exec(request.url())?.[1];
    if (name) asked.push(name);
  });
  const page = await aki.page.request.get(`${stage.server.dashboard}/inbox/active/${lena.session}`);
  expect((await page.text()).length, 'the page comes with the end of the chat, not with all of it').toBeLessThan(400_000);
  await aki.go(`/inbox/active/${lena.session}`);
  await expect(aki.said('10000:')).toBeInViewport();
  await expect(aki.composer).toBeEditable();
  expect(asked.length, 'opening asks for no more than a page').toBeLessThanOrEqual(1);

  const up = await walk(aki.page, 'up');
  expect(up.wrong).toEqual([]);
  expect([up.from, up.to]).toEqual([1, 10_000]);
  expect(up.messages, 'messages in the document at once').toBeLessThan(320);
  expect(up.elements, 'elements in the document at once').toBeLessThan(3_000);
  expect(asked.filter((name) => name === 'history').length).toBeLessThanOrEqual(110);

  // All of it is here now: it is read as well from the other side, and typing is as quick as ever.
  const down = await walk(aki.page, 'down', 150);
  expect(down.wrong).toEqual([]);
  expect(down.from).toBe(1);
  expect(down.to).toBeGreaterThan(1_000);
  expect(down.messages).toBeLessThan(200);
  const typed = await aki.composer.evaluate(async (field: HTMLTextAreaElement) => {
    const times: number[] = [];
    for (const letter of 'Let me look that up for you, one moment.') {
      const began = performance.now();
      field.setRangeText(letter, field.value.length, field.value.length, 'end');
      field.dispatchEvent(new InputEvent('input', { bubbles: true, data: letter }));
      await new Promise((resolve) => setTimeout(resolve));
      times.push(performance.now() - began);
    }
    return times.sort((one, other) => one - other);
  });
  const figures = `up ${up.steps} steps, median ${up.median} ms, p95 ${up.p95} ms; down ${down.steps} steps, median ${down.median} ms,
    p95 ${down.p95} ms; at most ${Math.max(up.messages, down.messages)} messages, ${Math.max(up.elements, down.elements)} elements;
    a letter typed: median ${typed[Math.floor(typed.length / 2)]?.toFixed(1)} ms, longest ${typed.at(-1)?.toFixed(1)} ms`;
  info.annotations.push({ type: 'figures', description: figures.replace(/\s+/g, ' ') });
  console.log(figures.replace(/\s+/g, ' '));

  await aki.page.getByRole('button', { name: 'Newest messages' }).click();
  await lena.say('Are you still there?');
  await expect(aki.said('Are you still there?')).toBeInViewport();
});

test('a date is jumped to, and what lies between comes when one gets there', async ({ stage }) => {
  test.setTimeout(120_000);
  const aki = await stage.staff('aki');
  await aki.go();
  const lena = await stage.long('aki', 'Lena', 3_000, 60);
  await aki.go(`/inbox/active/${lena.session}`);
  await expect(aki.said('3000:')).toBeInViewport();

  const chip = aki.page.getByRole('button', { name: /jump to a date/ });
  const dates = aki.page.getByRole('dialog', { name: 'Jump to a date' });
  await chip.click();
  await expect(dates.getByLabel('Day')).toBeFocused();
  await aki.page.keyboard.press('Escape');
  await expect(dates).toBeHidden();
  await expect(chip).toBeFocused();

  // By keyboard: fifty a day, thirty days ago.
  await aki.page.keyboard.press('Enter');
  await accessible('jump to a date', aki.page);
  await dates.getByLabel('Day').fill(day(30));
  await aki.page.keyboard.press('Enter');
  await expect(dates).toBeHidden();
  await expect.poll(async () => Number.parseInt((await atTop(aki.page)).text, 10)).toBeGreaterThan(1_430);
  const there = await atTop(aki.page);
  expect(Number.parseInt(there.text, 10)).toBeLessThan(1_560);
  // Below the heading of its day and its author's line.
  expect(there.top, 'at the top of the screen').toBeLessThan(110);

  // Down through what is not here yet, to the end; and up to the first.
  const down = await walk(aki.page, 'down');
  expect(down.wrong).toEqual([]);
  expect(down.to).toBe(3_000);
  await chip.click();
  await dates.getByRole('button', { name: 'First message' }).click();
  await expect(aki.log.getByText(/started the chat/)).toBeInViewport();
  const all = await walk(aki.page, 'down');
  expect(all.wrong).toEqual([]);
  expect([all.from, all.to]).toEqual([1, 3_000]);

  // A day on which nothing was written, and one that is no day.
  await chip.click();
  await dates.getByLabel('Day').fill(day(-1));
  await dates.getByRole('button', { name: 'Go' }).click();
  await expect(aki.status('Nothing was written from that day on.')).toBeVisible();
  await expect(aki.said('3000:')).toBeInViewport();
  await chip.click();
  await dates.getByLabel('Day').fill('');
  await dates.getByRole('button', { name: 'Go' }).click();
  await expect(dates.getByRole('alert')).toHaveText('Choose a day.');
  await expect(dates.getByLabel('Day')).toBeFocused();
});

test('whoever reads above keeps their place, sees what is new counted and marked, and comes back with one press', async ({ stage }) => {
  test.setTimeout(120_000);
  const aki = await stage.staff('aki');
  await aki.go();
  const lena = await stage.long('aki', 'Lena', 700, 7);
  await aki.go(`/inbox/active/${lena.session}`);
  await expect(aki.said('700:')).toBeInViewport();
  await expect(aki.log).toHaveAttribute('aria-live', 'polite');
  await walk(aki.page, 'up');
  await expect(aki.log).toHaveAttribute('aria-live', 'off');
  const newest = aki.page.getByRole('button', { name: 'Newest messages' });
  await expect(newest).toBeVisible();

  const before = await atTop(aki.page);
  await lena.say('One more thing');
  await lena.say('and another');
  const back = aki.page.getByRole('button', { name: '2 new messages' });
  await expect(back).toBeVisible();
  await expect(aki.status('2 new messages')).toBeAttached();
  expect(await atTop(aki.page)).toEqual(before);
  await back.click();
  await expect(aki.said('and another')).toBeInViewport();
  await expect(aki.log.locator('.dk-day--new')).toHaveText('New');
  await expect(aki.log.locator('.dk-item--new + .dk-item')).toContainText('One more thing');
  await expect(back).toBeHidden();
  await expect(aki.log).toHaveAttribute('aria-live', 'polite');

  // Answering ends what is new.
  await aki.say('I am here.');
  await expect(aki.said('I am here.')).toBeInViewport();
  await expect(aki.log.locator('.dk-day--new')).toHaveCount(0);

  // Pages that come above move nothing.
  await walk(aki.page, 'up', 2);
  const place = await atTop(aki.page);
  await aki.page.setViewportSize({ width: 1280, height: 640 });
  expect((await atTop(aki.page)).text).toBe(place.text);

  // What has the keyboard does not go when it is scrolled away.
  await aki.page.evaluate(() => {
    const log = document.querySelector<HTMLElement>('[role=log]');
    const bubble = log?.querySelector<HTMLElement>('.dk-bubble');
    bubble?.setAttribute('tabindex', '-1');
    bubble?.focus();
  });
  const focused = () => aki.page.evaluate(() => document.activeElement?.textContent ?? '');
  const text = await focused();
  expect(text).toMatch(/^\d+:/);
  await walk(aki.page, 'down');
  expect(await focused()).toBe(text);
});

test('who comes back to a chat finds where the unread begins', async ({ stage }) => {
  const aki = await stage.staff('aki');
  await aki.go();
  const lena = await stage.long('aki', 'Lena', 60, 2);
  await aki.go(`/inbox/active/${lena.session}`);
  await expect(aki.said('60:')).toBeInViewport();
  await expect(aki.log.locator('.dk-day--new')).toHaveCount(0);
  await aki.inboxLink.click();
  await aki.tab('Active').click();
  await expect(aki.log).toBeHidden();
  for (let n = 1; n <= 3; n += 1) await lena.say(`While you were away ${n}`);
  await expect(aki.row(lena.name)).toContainText('While you were away 3');
  await aki.open(lena.name);
  await expect(aki.said('While you were away 3')).toBeInViewport();
  await expect(aki.log.locator('.dk-item--new + .dk-item')).toContainText('While you were away 1');
  await aki.reload();
  await expect(aki.said('While you were away 3')).toBeInViewport();
  await expect(aki.log.locator('.dk-day--new'), 'all of it has been read now').toHaveCount(0);
});
