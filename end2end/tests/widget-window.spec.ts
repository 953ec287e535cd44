// The chat in a window of its own.

import type { Page } from '@playwright/test';
import { accessible } from './stage/axe.ts';
import { expect, test, type Stage } from './stage/fixtures.ts';
import { GREETING, Visitor } from './stage/visitor.ts';

/** The same panel without a page around it. */
const inWindow = (page: Page) => ({
  page,
  composer: page.getByRole('textbox', { name: 'Message', exact: true }),
  menuButton: page.getByRole('button', { name: 'More options' }),
  bubbles: page.locator('.bubble'),
  said: (text: string) => page.locator('.bubble').filter({ hasText: text }),
  say: async (text: string) => {
    await page.getByRole('textbox', { name: 'Message', exact: true }).fill(text);
    await page.keyboard.press('Enter');
  },
});

/** Chooses the item, and waits for the window. */
async function popOut(lena: Visitor) {
  await lena.menuButton.click();
  const coming = lena.page.waitForEvent('popup');
  await lena.panel.getByRole('menuitem', { name: 'Open in its own window' }).click();
  return inWindow(await coming);
}

async function talking(stage: Stage) {
  const lena = await stage.visitor({ name: 'Lena', context: { reducedMotion: 'reduce' } });
  const aki = await stage.staff('aki');
  await aki.go();
  await lena.begin('Can I have more room?');
  await aki.take(lena.name);
  await aki.say('Of course.');
  await expect(lena.said('Of course.')).toBeVisible();
  return { lena, aki };
}

test('the chat goes on in the window; the panel closes; both stay in step', async ({ stage }) => {
  const { lena, aki } = await talking(stage);
  await lena.composer.fill('Half a sentence');
  const out = await popOut(lena);
  const talk = ['Can I have more room?', GREETING, 'Of course.'];
  await expect(out.bubbles).toHaveText(talk);
  await expect(out.composer).toHaveValue('Half a sentence');
  await expect(out.composer).toBeFocused();
  await expect(lena.launcher).toHaveAccessibleName(/^Open chat/);
  await expect(out.page).toHaveTitle('Oak & Co.');
  expect(out.page.url()).not.toMatch(/token|=[A-Za-z0-9_-]{20,}/);

  await test.step('both ways, each once', async () => {
    await out.say('Much better.');
    await expect(aki.said('Much better.')).toHaveCount(1);
    await aki.say('Glad to hear it.');
    await expect(out.said('Glad to hear it.')).toBeVisible();
    // Read in the window: nothing is unread on the page.
    await expect(lena.said('Glad to hear it.')).toHaveCount(1);
    await expect(lena.launcher).toHaveAccessibleName('Open chat');
    await lena.openChat();
    await lena.say('From the page again.');
    await lena.reads(...talk, 'Much better.', 'Glad to hear it.', 'From the page again.');
    await expect(out.bubbles).toHaveText([...talk, 'Much better.', 'Glad to hear it.', 'From the page again.']);
  });

  await test.step('what is not seen is counted in its title, and on the page', async () => {
    await lena.closeChat();
    await out.page.evaluate(() => Object.defineProperty(document, 'hidden', { configurable: true, get: () => true }));
    await aki.say('Are you looking?');
    await expect(out.page).toHaveTitle('(1) Oak & Co.');
    await expect(lena.launcher).toHaveAccessibleName(/1 unread/);
    await out.page.evaluate(() => {
      Reflect.deleteProperty(document, 'hidden');
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await expect(out.page).toHaveTitle('Oak & Co.');
    await expect(lena.launcher, 'seen there, seen here').toHaveAccessibleName('Open chat');
    await lena.openChat();
  });

  await test.step('without a page around it nothing is offered that cannot work', async () => {
    await expect(out.page.getByRole('button', { name: 'Close chat' })).toBeHidden();
    await out.menuButton.click();
    await expect(out.page.getByRole('menuitem', { name: 'Leave chat…' })).toBeVisible();
    await expect(out.page.getByRole('menuitem', { name: 'Open in its own window' })).toBeHidden();
    await accessible('the window with its menu', out.page);
    await out.page.keyboard.press('Escape');
    await expect(out.menuButton).toBeFocused();
    await out.page.keyboard.press('Escape');
    await expect(out.composer).toBeVisible();
  });

  await test.step('a reload of the window, and a second one from the menu, are the same window', async () => {
    await out.page.reload();
    await expect(out.said('From the page again.')).toBeVisible();
    await lena.menuButton.click();
    await lena.panel.getByRole('menuitem', { name: 'Open in its own window' }).click();
    await expect(lena.panel.getByRole('menu')).toBeHidden();
    expect(lena.page.context().pages().filter((page) => page.url().endsWith('#out'))).toHaveLength(1);
  });

  await test.step('the page goes; the window stays, through a reload too', async () => {
    await lena.page.goto(`${lena.shop}/desk`);
    await out.say('Still here.');
    await expect(aki.said('Still here.')).toBeVisible();
    await out.page.reload();
    await expect(out.said('Still here.')).toBeVisible();
    await aki.say('Good.');
    await expect(out.said('Good.')).toBeVisible();
  });
});

test('who signs out of the page is forgotten in the window too; the rating is the same in both', async ({ stage }) => {
  const { lena, aki } = await talking(stage);
  const out = await popOut(lena);
  await expect(out.said('Of course.')).toBeVisible();
  await aki.end();
  await out.page.getByRole('radio', { name: '5 stars' }).focus();
  await out.page.keyboard.press('Space');
  await out.page.getByRole('button', { name: 'Send rating' }).click();
  await expect(out.page.getByText('Thank you for your rating.')).toBeVisible();
  await lena.openChat();
  await expect(lena.log.getByText('Your rating: 5 of 5 stars')).toBeVisible();
  await lena.page.evaluate(() => (window as never as { Deskbell: (verb: string) => void }).Deskbell('reset'));
  await expect(out.page.getByRole('heading', { name: 'How can we help?' })).toBeVisible();
  await expect(out.bubbles).toHaveCount(0);
  expect(await out.page.evaluate(() => Object.values({ ...sessionStorage, ...localStorage }).join())).not.toContain('Lena');
});

test('a window that is blocked is said; nobody else is given what is kept', async ({ stage, server }) => {
  const { lena } = await talking(stage);
  const frame = lena.page.frames().find((frame) => frame.url().includes('/panel'))!;
  await frame.evaluate(() => {
    window.open = () => null;
  });
  await lena.menuButton.click();
  await lena.panel.getByRole('menuitem', { name: 'Open in its own window' }).click();
  await expect(lena.panel.getByRole('alert').filter({ hasText: 'Your browser has blocked the window.' })).toBeVisible();
  await expect(lena.composer).toBeVisible();
  await accessible('a blocked window', lena.page);

  await test.step('the host page asks as the window would', async () => {
    await lena.page.reload();
    await expect(lena.composer).toBeVisible();
    const out = await popOut(lena);
    await expect(out.said('Of course.')).toBeVisible();
    const opening = lena.page.waitForEvent('popup');
    await lena.page.evaluate((panel) => {
      const heard: unknown[] = [];
      addEventListener('message', ({ data }) => heard.push(data));
      const chat = document.querySelector('deskbell-chat')!.shadowRoot!.querySelector('iframe')!;
      chat.contentWindow!.postMessage({ deskbell: 'window' }, '*');
      // Our page in a window that the panel did not open.
      Object.assign(window, { heard, other: window.open(panel)! });
    }, `${server.dashboard}/w/${server.siteKey}/panel?lang=en#out`);
    const other = await opening;
    await expect(other.locator('html')).toHaveAttribute('data-out', '');
    await lena.page.evaluate(() => {
      const { port1, port2 } = new MessageChannel();
      port1.postMessage({ token: 'of somebody else' });
      (window as never as { other: Window }).other.postMessage({ deskbell: 'port' }, '*', [port2]);
    });
    await expect(other.getByRole('heading', { name: 'How can we help?' })).toBeVisible();
    await expect(other.locator('.bubble')).toHaveCount(0);
    expect(await other.evaluate(() => Object.values({ ...sessionStorage }).join())).not.toContain('somebody else');
    expect(await lena.page.evaluate(() => (window as never as { heard: unknown[] }).heard)).toEqual([]);
  });
});

test('on a telephone, where no two windows stand side by side, it is not offered', async ({ stage }) => {
  const lena = await stage.visitor({ context: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } });
  await lena.begin('Is there a window?');
  await lena.menuButton.tap();
  await expect(lena.panel.getByRole('menuitem', { name: 'Save chat as text' })).toBeVisible();
  await expect(lena.panel.getByRole('menuitem', { name: 'Open in its own window' })).toBeHidden();
});
