// Words to visitors who have done nothing yet, and the colours and themes of a site.

import { accessible } from './stage/axe.ts';
import { expect, test } from './stage/fixtures.ts';
import { refused } from './stage/guard.ts';
import { setSite } from './stage/sites.ts';

test.afterEach(({ server }) => setSite(server, { invites: [], theme: 'auto', colour: '#00796b', left: false }));

const WORDS = 'Shall we help you choose <b>a chair</b>?';

test('an invitation comes by page and time, is announced, opens the chat, and rests when it is closed', async ({ stage, server, guard }) => {
  const ada = await stage.staff('admin');
  await ada.go('/settings/sites');
  await ada.page.getByRole('button', { name: 'Edit Oak & Co.' }).click();
  const form = ada.page.getByRole('form', { name: 'Site Oak & Co.' });
  await form.getByRole('button', { name: 'Add an invitation' }).click();
  const words = form.getByRole('textbox', { name: 'Words' });
  await expect(words).toBeFocused();
  guard.expect(refused(422));
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(words).toHaveAccessibleDescription('Say something, in at most 200 characters.');
  await words.fill(WORDS);
  await form.getByRole('textbox', { name: 'On pages whose address holds' }).fill('/desk');
  await form.getByRole('textbox', { name: 'After so many seconds there' }).fill('30');
  await accessible('the settings of a site with an invitation', ada.page);
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form).toBeHidden();
  const aki = await stage.staff('aki');
  await aki.go();

  const elsewhere = await stage.visitor({ name: 'Elsewhere' });
  await elsewhere.page.clock.install();
  await elsewhere.arrive('/');
  await elsewhere.page.clock.runFor(60_000);

  const lena = await stage.visitor({ name: 'Lena' });
  const asked: string[] = [];
  lena.page.on('request', (request) => asked.push(request.url()));
  await lena.page.clock.install();
  const invite = lena.page.getByRole('status').getByRole('button', { name: WORDS });
  await lena.arrive('/desk');
  await lena.page.clock.runFor(25_000);
  expect(asked.filter((url) => url.includes('widget-invite')), 'nothing is asked for before').toEqual([]);
  expect(await lena.page.evaluate(() => localStorage.length), 'and nothing is kept').toBe(0);
  await lena.page.clock.runFor(10_000);
  await lena.page.clock.resume();
  await expect(invite).toBeVisible();
  await accessible('an invitation', lena.page);
  if (process.env.LOOK) await lena.page.screenshot({ path: `${process.env.LOOK}/invite.png` });
  expect(asked.filter((url) => url.startsWith(server.dashboard) && !url.endsWith('.js')), 'the frame is not there yet').toEqual([]);
  await expect(elsewhere.page.getByRole('button', { name: WORDS }), 'another page').toBeHidden();
  await lena.page.getByRole('button', { name: 'Close', exact: true }).press('Enter');
  await expect(invite).toBeHidden();

  // Who has closed it is left alone; who takes it up is in the chat.
  await lena.page.reload();
  await expect(lena.launcher).toBeVisible();
  await lena.page.clock.runFor(40_000);
  await expect(invite).toBeHidden();
  const mo = await stage.visitor({ name: 'Mo' });
  await mo.page.clock.install();
  await mo.arrive('/desk');
  await mo.page.clock.runFor(32_000);
  await mo.page.clock.resume();
  await mo.page.getByRole('status').getByRole('button', { name: WORDS }).click();
  await expect(mo.form.heading).toBeVisible();
  await expect(mo.form.name).toBeFocused();
});

test('invitations from the second visit on are counted in the browser, and only then', async ({ stage, server }) => {
  await setSite(server, { invites: [{ text: WORDS, page: '', seconds: 2, visits: 2 }] });
  const aki = await stage.staff('aki');
  await aki.go();
  const lena = await stage.visitor({ name: 'Lena' });
  await lena.page.clock.install();
  const invite = lena.page.getByRole('status').getByRole('button', { name: WORDS });
  await lena.arrive();
  await lena.page.clock.runFor(10_000);
  await lena.page.reload();
  await expect(lena.launcher).toBeVisible();
  await lena.page.clock.runFor(10_000);
  await expect(invite, 'a reload is the same visit').toBeHidden();
  await lena.page.clock.fastForward(3_600_000);
  await lena.page.reload();
  await expect(lena.launcher).toBeVisible();
  await lena.page.clock.runFor(10_000);
  await lena.page.clock.resume();
  await expect(invite).toBeVisible();
});

test('a site is dark where it says so, and whatever its colour, text on it can be read', async ({ stage, server }) => {
  for (const [theme, colour] of [['dark', '#ffe14d'], ['light', '#101010'], ['light', '#e9f5ff'], ['dark', '#7f7f7f']]) {
    await setSite(server, { theme, colour, left: theme === 'light' });
    const lena = await stage.visitor({ name: 'Lena', context: { colorScheme: theme === 'dark' ? 'light' : 'dark' } });
    await lena.arrive();
    await lena.openChat();
    await expect(lena.form.heading).toBeVisible();
    const lightness = await lena.form.heading.evaluate((heading) => {
      const [, r = 0, g = 0, b = 0] = /rgb\((\d+), (\d+), (\d+)\)/.exec(getComputedStyle(heading.ownerDocument.body).backgroundColor)?.map(Number) ?? [];
      return (r + g + b) / 3;
    });
    expect(lightness > 128, `${theme} with ${colour}`).toBe(theme === 'light');
    // Contrast is among what axe looks at.
    await accessible(`a site in ${theme} with ${colour}`, lena.page);
    if (process.env.LOOK) await lena.page.screenshot({ path: `${process.env.LOOK}/site-${theme}-${colour?.slice(1)}.png` });
  }
});
