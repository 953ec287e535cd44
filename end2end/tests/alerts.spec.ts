// What an agent is alerted to: the ring, the number on the tab, notifications, and the page where all that is chosen.

import type { Page } from '@playwright/test';
import { accessible } from './stage/axe.ts';
import { expect, test } from './stage/fixtures.ts';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** What the alerts' script says of the ring: off, on, silent (no gesture yet), elsewhere (another tab sounds). */
const ring = (page: Page) => page.locator('html');
const line = (page: Page, way: string) => page.getByRole('region', { name: 'Does it work here?' }).getByRole('listitem').filter({ hasText: way });

/** An alert as the server would send it, and rings as the rows would say it. */
const say = (page: Page, what: unknown) =>
  page.evaluate((detail) => void dispatchEvent(new CustomEvent('deskbell-alerts', { detail })), JSON.stringify(what));

test('a chat rings until it is answered; before anything was pressed a banner says that it cannot be heard', async ({ stage }) => {
  const aki = await stage.staff('aki');
  await aki.go();
  await expect(ring(aki.page)).toHaveAttribute('data-ring', 'off');
  await say(aki.page, { ring: ['1'] });
  const banner = aki.page.getByRole('alert').filter({ hasText: 'you cannot hear it yet' });
  await expect(banner).toBeVisible();
  await expect(ring(aki.page)).toHaveAttribute('data-ring', 'silent');
  await banner.getByRole('button', { name: 'Turn on sound' }).click();
  await expect(ring(aki.page)).toHaveAttribute('data-ring', 'on');
  await expect(banner).toBeHidden();
  await say(aki.page, { ring: [] });
  await expect(ring(aki.page)).toHaveAttribute('data-ring', 'off');
});

test('of two tabs one rings', async ({ stage }) => {
  const aki = await stage.staff('aki');
  await aki.go();
  await aki.page.keyboard.press('Shift');
  const other = await stage.beside(aki, 'aki');
  await other.go();
  await other.page.keyboard.press('Shift');
  for (const page of [aki.page, other.page]) await say(page, { ring: ['1'] });
  await expect(ring(aki.page)).toHaveAttribute('data-ring', 'on');
  await expect(ring(other.page)).toHaveAttribute('data-ring', 'elsewhere');
  await expect(other.page.getByRole('alert').filter({ hasText: 'you cannot hear it yet' })).toBeHidden();
  await aki.page.close();
  await expect(ring(other.page)).toHaveAttribute('data-ring', 'on');
});

test('alerts are chosen by keyboard, kept, and the same in every tab; muting is in the menu', async ({ stage }) => {
  const jo = await stage.staff('jo');
  const other = await stage.beside(jo, 'jo');
  await jo.go('/settings/alerts');
  await other.go('/settings/alerts');
  const email = (page: Page) => page.getByRole('checkbox', { name: 'Offered chat: E-mail' });
  await expect(email(jo.page)).not.toBeChecked();
  await email(jo.page).focus();
  await jo.page.keyboard.press('Space');
  await expect(email(jo.page)).toBeChecked();
  await expect(email(other.page)).toBeChecked();
  await jo.reload();
  await expect(email(jo.page)).toBeChecked();
  await email(jo.page).press('Space');
  await expect(email(other.page)).not.toBeChecked();

  await expect(line(jo.page, 'Sound')).toContainText('On.');
  await expect(line(jo.page, 'E-mail')).toContainText('No mail server is set up');
  await expect(line(jo.page, 'E-mail').getByRole('button', { name: 'E-mail: Test' })).toBeDisabled();
  await line(jo.page, 'Sound').getByRole('button', { name: 'Sound: Test' }).press('Enter');
  await expect(ring(jo.page)).toHaveAttribute('data-sounded', '1');

  await jo.go('/inbox');
  await jo.page.getByRole('button', { name: /^(Online|Away|Offline)$/ }).click();
  await jo.page.getByRole('menuitemradio', { name: 'Muted' }).click();
  await expect(jo.page.getByRole('menuitemradio', { name: 'Muted' })).toHaveAttribute('aria-checked', 'true');
  await jo.go('/settings/alerts');
  await expect(line(jo.page, 'Sound')).toContainText('Muted');
});

test('a visitor\'s words are announced by the system when no tab is on the screen, and go when they are answered', async ({ stage }) => {
  const aki = await stage.staff('aki', { permissions: ['notifications'] });
  await aki.go();
  await expect
    .poll(() => aki.page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state))
    .toBe('activated');
  const allowed = await aki.page.evaluate(() => Notification.permission);
  test.skip(allowed !== 'granted', 'this browser has no notifications without a window');
  await say(aki.page, { alert: { kind: 'message', session: 'a', title: 'Lena', text: '<b>Hi</b>', visible: false, focused: false } });
  const shown = () =>
    aki.page.evaluate(async () => {
      const all = await (await navigator.serviceWorker.ready).getNotifications();
      return all.map(({ title, body, tag, data }) => ({ title, body, tag, url: data.url }));
    });
  await expect.poll(shown).toEqual([{ title: 'Lena wrote', body: '<b>Hi</b>', tag: 'a', url: '/inbox/active/a' }]);
  await say(aki.page, { alert: { kind: 'message', session: 'b', title: 'Noor', text: 'Hi', visible: true, focused: true } });
  await say(aki.page, { ring: ['a'] });
  await say(aki.page, { ring: [] });
  await expect.poll(shown, 'answered, and nothing for who looks').toEqual([]);
});

test('the app can be installed; without a server there is a page, and nothing private is kept', async ({ stage, guard }) => {
  const cable = await stage.line();
  const aki = await stage.staff('aki', { proxy: cable.proxy });
  await aki.go('/settings/profile');
  const manifest = await aki.page.evaluate(async () => (await fetch('/manifest.webmanifest')).json());
  expect(manifest).toMatchObject({ name: 'Deskbell', start_url: '/inbox', display: 'standalone' });
  for (const { src } of manifest.icons) {
    expect(await aki.page.evaluate(async (src) => (await fetch(src)).headers.get('content-type'), src)).toBe('image/png');
  }
  await expect.poll(() => aki.page.evaluate(() => !!navigator.serviceWorker.controller)).toBe(true);
  await aki.page.goto(`${new URL(aki.page.url()).origin}/inbox`);
  await expect(aki.page.getByRole('region', { name: 'Chats' })).toBeVisible();
  const kept = await aki.page.evaluate(async () => {
    const found = [];
    for (const name of await caches.keys()) {
      for (const { url } of await (await caches.open(name)).keys()) found.push(new URL(url).pathname);
    }
    return found.sort();
  });
  expect(kept.filter((path) => !/^\/assets\/(console|favicon)\.[0-9a-f]{16}\.(css|svg)$/.test(path))).toEqual(['/offline']);

  guard.expect(/net::ERR_|WebSocket|Failed to fetch|FetchEvent/);
  cable.cut();
  await aki.page.reload().catch(() => {});
  await expect(aki.page.getByRole('heading', { name: 'Deskbell cannot be reached' })).toBeVisible();
  await accessible('offline', aki.page);
  cable.mend();
  await aki.page.getByRole('link', { name: 'Try again' }).click();
  await expect(aki.page.getByRole('region', { name: 'Chats' })).toBeVisible();
});

for (const [size, context] of [['desktop', {}], ['phone', PHONE]] as const) {
  test(`the page of alerts is accessible and fits, ${size}`, async ({ stage }) => {
    const aki = await stage.staff('aki', { ...context, reducedMotion: 'reduce' });
    await aki.go('/settings/alerts');
    await expect(line(aki.page, 'Push')).not.toContainText('Looking');
    await expect(line(aki.page, 'E-mail')).not.toContainText('Looking');
    await accessible(`alerts, ${size}`, aki.page);
    expect(await aki.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    const main = aki.page.getByRole('main');
    expect(await main.evaluate((main) => main.scrollWidth <= main.clientWidth)).toBe(true);
  });
}
