// What is rarely used of the panel comes when it is used.

import { expect, NO_SERVER, refused, test } from './stage/fixtures.ts';
import { accessible } from './stage/axe.ts';

test('the menu is fetched when somebody wants it; what did not come is asked for again', async ({ stage, guard }) => {
  guard.expect(NO_SERVER);
  guard.expect(refused(503));
  const asked: string[] = [];
  const lena = await stage.visitor({ name: 'Lena', context: { reducedMotion: 'reduce' } });
  lena.page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const lost = lena.panel.getByRole('alert').filter({ hasText: 'This could not be loaded.' });
  const menu = lena.panel.getByRole('menu');
  await lena.begin('Is there a menu?');
  expect(asked.filter((path) => /more/.test(path)), 'nothing of it is loaded for who only writes').toEqual([]);

  await test.step('no script, then no markup: it says so, and the chat goes on', async () => {
    let scripts = 0;
    let fragments = 0;
    await lena.page.route(/widget-more\.[0-9a-f]+\.js/, (route) => (scripts++ === 0 ? route.abort() : route.continue()));
    await lena.page.route(/\/more\?lang=/, (route) => (fragments++ === 0 ? route.fulfill({ status: 503 }) : route.continue()));
    await lena.menuButton.focus();
    await lena.page.keyboard.press('Enter');
    await expect(lost).toBeVisible();
    await accessible('a menu that did not come', lena.page);
    await lena.say('No menu.');
    await expect(lena.said('No menu.')).toBeVisible();
    await lena.menuButton.focus();
    await lena.page.keyboard.press('Enter');
    await expect.poll(() => fragments).toBe(1);
    await expect(lost).toBeVisible();
    await expect(menu).toBeHidden();
    await lena.menuButton.focus();
    await lena.page.keyboard.press('Enter');
    await expect(menu).toBeVisible();
    await expect(lost).toBeHidden();
  });

  await test.step('from then on it is there, and closes by a click beside it', async () => {
    const before = asked.length;
    await lena.log.click();
    await expect(menu).toBeHidden();
    await lena.menuButton.click();
    await expect(menu).toBeVisible();
    await lena.menuButton.click();
    await expect(menu).toBeHidden();
    expect(asked.slice(before).filter((path) => /more/.test(path))).toEqual([]);
  });
});

test('larger text stays through a reload, and who reads along goes on doing so', async ({ stage }) => {
  const lena = await stage.visitor({ name: 'Lena' });
  await lena.begin('I read with difficulty.');
  for (let n = 1; n < 8; n++) await lena.say(`Line ${n} of what I have to say, and a little more of it.`);
  const size = () => lena.composer.evaluate((field) => parseFloat(getComputedStyle(field).fontSize));
  const small = await size();
  const item = lena.panel.getByRole('menuitemcheckbox', { name: 'Larger text' });
  await lena.menuButton.click();
  await expect(item).toHaveAttribute('aria-checked', 'false');
  await item.click();
  expect(await size()).toBeCloseTo(small * 1.2);
  await expect(lena.menuButton).toBeFocused();
  await expect(lena.said('Line 7')).toBeInViewport({ ratio: 1 });
  await lena.page.reload();
  await expect(lena.said('Line 7')).toBeVisible();
  expect(await size()).toBeCloseTo(small * 1.2);
  await lena.menuButton.click();
  await expect(item).toHaveAttribute('aria-checked', 'true');
  await item.click();
  expect(await size()).toBeCloseTo(small);
});
