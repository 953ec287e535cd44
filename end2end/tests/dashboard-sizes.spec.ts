// The dashboard on phones, on middling screens, and in other time zones.

import type { Locator } from '@playwright/test';
import { expect, test } from './stage/fixtures.ts';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

async function apart(one: Locator, other: Locator): Promise<boolean> {
  const [a, b] = [await one.boundingBox(), await other.boundingBox()];
  if (!a || !b) throw new Error('both are to be seen');
  return a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
}

test('on a phone the last words stay in sight while the log shrinks, and typing ends with the message', async ({ stage }) => {
  const lena = await stage.visitor({ name: 'Lena' });
  const aki = await stage.staff('aki', PHONE);
  await aki.go();
  await lena.begin('Does it come with a manual?');
  await aki.row(lena.name).getByRole('link').tap();
  await aki.page.getByRole('main').getByRole('button', { name: 'Respond' }).tap();
  for (let n = 1; n <= 12; n += 1) await aki.say(`Page ${n} of it is about screws, and so are all of the others.`);
  const last = aki.said('Page 12 of it');
  await expect(last).toBeInViewport({ ratio: 1 });
  await lena.composer.pressSequentially('And');
  const typing = aki.log.locator('..').getByText('is typing');
  await expect(typing).toBeVisible();
  await expect(last).toBeInViewport({ ratio: 1 });
  expect(await apart(last, typing)).toBe(true);
  await aki.composer.fill('one\ntwo\nthree\nfour\nfive');
  await expect(last).toBeInViewport({ ratio: 1 });
  expect(await apart(last, typing)).toBe(true);
  await aki.page.setViewportSize({ width: 390, height: 480 });
  await expect(last, 'a keyboard has come up').toBeInViewport({ ratio: 1 });
  await lena.say('And the tools?');
  await expect(aki.said('And the tools?')).toBeInViewport({ ratio: 1 });
  await expect(typing).toBeHidden({ timeout: 1_000 });
});

test('on a touch screen Respond stands beside the words and the waiting time', async ({ stage }) => {
  const aki = await stage.staff('aki', PHONE);
  const chat = await stage.waiting('Kim', 'Is this a rather long first question, so long that it does not fit into one line?');
  await aki.go();
  const row = aki.row(chat.name);
  const respond = row.getByRole('button', { name: 'Pick' });
  await expect(respond).toBeVisible();
  for (const part of ['.dk-row__time', '.dk-row__words', '.dk-new']) {
    expect(await apart(respond, row.locator(part)), part).toBe(true);
  }
  expect((await respond.boundingBox())?.height).toBeGreaterThanOrEqual(44);
  await respond.tap();
  await expect(aki.composer).toBeVisible();
});

for (const width of [390, 1024]) {
  test(`all of a resolved chat can be read at ${width} px`, async ({ stage, server }) => {
    const aki = await stage.staff('aki');
    const chat = await stage.waiting('Kim', 'Is it foldable?');
    await aki.go();
    await aki.take(chat.name);
    await aki.say('In the middle.');
    await aki.end();
    await expect(aki.page.getByText('This chat has ended')).toBeVisible();
    await chat.rate(5, 'Quick and kind, and she knew it by heart.');
    const sam = await stage.staff('supervisor', { viewport: { width, height: 800 } });
    await sam.go('/resolved');
    const row = sam.page.getByRole('row').filter({ hasText: chat.name });
    const cells = row.getByRole('cell');
    await expect(cells).toHaveCount(6);
    await expect(cells.first()).toContainText(`${server.account('aki').name}: In the middle.`);
    for (const cell of await cells.all()) {
      await cell.scrollIntoViewIfNeeded();
      await expect(cell).toBeInViewport({ ratio: 1 });
    }
    for (const cut of [cells.nth(1), cells.nth(2), cells.nth(3), cells.nth(5)]) {
      expect(await cut.evaluate((cell) => cell.scrollWidth <= cell.clientWidth), await cut.innerText()).toBe(true);
    }
    expect(await sam.page.evaluate(() => document.documentElement.scrollWidth), 'nothing sticks out').toBe(width);
    await expect(sam.page.getByText(/5\.0 ★ · \d+ ratings?|\d\.\d ★ · \d+ ratings?/).first()).toBeVisible();
    await row.getByRole('link').click();
    await expect(sam.said('In the middle.')).toBeVisible();
  });
}

test('the days of the filter are those of the viewer', async ({ stage }) => {
  const aki = await stage.staff('aki');
  const chat = await stage.waiting('Kim', 'What day is it?');
  await aki.go();
  await aki.take(chat.name);
  await aki.end();
  await expect(aki.page.getByText('This chat has ended')).toBeVisible();
  // Wherever it is another day than in Greenwich now.
  const timezoneId = new Date().getUTCHours() >= 12 ? 'Pacific/Kiritimati' : 'Pacific/Pago_Pago';
  const day = (shift: number) =>
    new Date(Date.now() + shift * 86_400_000).toLocaleDateString('sv-SE', { timeZone: timezoneId });
  const sam = await stage.staff('supervisor', { timezoneId });
  const row = sam.page.getByRole('row').filter({ hasText: chat.name });
  await sam.go(`/resolved?from=${day(0)}&to=${day(0)}`);
  await expect(row).toBeVisible();
  await expect(row).toContainText('Today');
  await expect(sam.page.getByLabel('From')).toHaveValue(day(0));
  await expect(sam.page.getByLabel('To')).toHaveValue(day(0));
  for (const other of [-1, 1]) {
    await sam.go(`/resolved?from=${day(other)}&to=${day(other)}`);
    await expect(row).toHaveCount(0);
    await expect(sam.page.getByLabel('From')).toHaveValue(day(other));
  }
  await sam.page.getByLabel('From').fill(day(0));
  await sam.page.getByLabel('To').fill(day(0));
  await sam.page.getByRole('button', { name: 'Apply' }).click();
  await expect(row).toBeVisible();
});
