// One's chats at hand while one is elsewhere.

import type { Locator } from '@playwright/test';
import type { Agent } from './stage/agent.ts';
import { accessible } from './stage/axe.ts';
import { expect, test, type Stage } from './stage/fixtures.ts';

test.beforeEach(({ server }) => server.advance(40));

test.afterEach(({ server }) => server.setQueue({ settings: { strategy: 'pick' }, rules: { wrap_up: 'none' } }));

const dock = (agent: Agent): Locator => agent.page.getByRole('region', { name: 'Your chats' });
const chip = (agent: Agent, visitor: string): Locator => dock(agent).getByRole('button', { name: new RegExp(`^Chat with ${visitor},`) });
const mini = (agent: Agent, visitor: string): Locator => dock(agent).getByRole('region', { name: `Chat with ${visitor}` });

/** Aki has two chats and is at the settings. */
async function elsewhere(stage: Stage) {
  const aki = await stage.staff('aki');
  await aki.go();
  const lena = await stage.visitor({ name: 'Lena' });
  await lena.begin('Is it solid oak?');
  await aki.take(lena.name);
  await aki.say('One moment.');
  const kim = await stage.waiting('Kim', 'Is it blue?');
  await aki.tab('Incoming').click();
  await aki.take(kim.name);
  await expect(dock(aki)).toBeHidden();
  await aki.page.getByRole('link', { name: 'Settings' }).click();
  await expect(aki.page.getByRole('heading', { name: 'Profile' })).toBeVisible();
  return { aki, lena, kim };
}

test('a chat is answered from the settings: unread, typing, delivery, and one draft with the whole chat', async ({ stage }) => {
  const { aki, lena, kim } = await elsewhere(stage);
  await expect(chip(aki, lena.name)).toBeVisible();
  await expect(chip(aki, kim.name)).toBeVisible();
  await lena.say('And how heavy?');
  await expect(chip(aki, lena.name)).toHaveAccessibleName(/1 unread/);

  await chip(aki, lena.name).click();
  await expect(aki.composer).toBeFocused();
  await expect(aki.said('And how heavy?')).toBeVisible();
  await expect(chip(aki, lena.name)).not.toHaveAccessibleName(/unread/);
  await expect(lena.turn('And how heavy?')).toContainText('Read');
  await aki.composer.pressSequentially('About 40');
  await expect(lena.panel.getByRole('status').filter({ hasText: 'is typing' })).toBeVisible();
  await aki.composer.pressSequentially(' kilos.');
  await aki.composer.press('Enter');
  await expect(lena.said('About 40 kilos.')).toBeVisible();
  await expect(aki.delivery('About 40 kilos.')).toHaveAccessibleName('Read');
  await lena.composer.pressSequentially('Th');
  await expect(mini(aki, lena.name).getByText('is typing')).toBeVisible();

  // It goes along from page to page, and what is begun in it is there on the chat's own page, and the other way round.
  await aki.composer.fill('With the legs on');
  await aki.page.getByRole('link', { name: 'Alerts' }).click();
  await expect(aki.page.getByRole('heading', { name: 'Alerts', exact: true })).toBeVisible();
  await expect(aki.composer).toHaveValue('With the legs on');
  await chip(aki, kim.name).click();
  await expect(mini(aki, kim.name)).toBeVisible();
  await expect(mini(aki, lena.name)).toBeHidden();
  await expect(aki.composer).toHaveValue('');
  await chip(aki, lena.name).click();
  await mini(aki, lena.name).getByRole('link', { name: 'Open the whole chat' }).click();
  await expect(aki.customer).toBeVisible();
  await expect(dock(aki)).toBeHidden();
  await expect(aki.composer).toHaveValue('With the legs on');
  await aki.composer.fill('With the legs on, 42');
  await aki.page.goBack();
  await chip(aki, lena.name).click();
  await expect(aki.composer).toHaveValue('With the legs on, 42');
  await aki.composer.press('Enter');
  await expect(lena.said('With the legs on, 42')).toBeVisible();
  await aki.reads('Is it solid oak?', 'Thank you for your question. A person will be with you in a moment.', 'One moment.', 'And how heavy?', 'About 40 kilos.', 'With the legs on, 42');
});

test('by keyboard alone: to the next chat, an answer, handed over, ended, closed, and back to the page', async ({ stage, server }) => {
  await server.setQueue({ rules: { wrap_up: 'manual' } });
  const { aki, lena, kim } = await elsewhere(stage);
  const { page } = aki;
  await page.keyboard.press('Alt+Shift+J');
  const opened = async (visitor: string) => {
    await expect(mini(aki, visitor)).toBeVisible();
  };
  // Which of the two stands first is which waited longest; both are reached.
  await expect(dock(aki).locator('.dk-mini')).toBeVisible();
  if (!(await mini(aki, kim.name).isVisible())) await page.keyboard.press('Alt+Shift+J');
  await opened(kim.name);
  await page.keyboard.press('Alt+Shift+W');
  await expect(aki.composer).toBeFocused();
  await page.keyboard.type('It is blue.');
  await page.keyboard.press('Enter');
  await expect(aki.said('It is blue.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(mini(aki, kim.name)).toBeHidden();
  await expect(chip(aki, kim.name)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(aki.composer).toBeFocused();

  await page.keyboard.press('Alt+Shift+H');
  await expect(aki.dialog(`Transfer the chat with ${kim.name}`)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(aki.composer).toBeFocused();
  await page.keyboard.press('Alt+Shift+E');
  await expect(page.getByRole('button', { name: 'Keep it open' })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const close = mini(aki, kim.name).getByRole('button', { name: 'Close', exact: true });
  await expect(close).toBeVisible();
  await page.keyboard.press('Alt+Shift+E');
  await expect(close).toBeHidden();
  await expect(mini(aki, kim.name).getByText('This chat has ended: handled by an agent.')).toBeVisible();
  await mini(aki, kim.name).getByRole('button', { name: 'Put the chat down' }).press('Enter');
  await expect(chip(aki, kim.name)).toBeHidden();
  await expect(chip(aki, lena.name)).toBeVisible();
  expect(page.url()).toContain('/settings');
});

test('what is typed on a form stays when a chat is taken, and the chat comes to it', async ({ stage, server }) => {
  await server.setQueue({ settings: { strategy: 'ring_all', ring: 20 } });
  const aki = await stage.staff('aki');
  await aki.go('/settings/my-macros');
  await aki.page.getByRole('button', { name: 'New macro' }).click();
  await aki.page.getByLabel('Title').fill('Half a title');
  const kim = await stage.waiting('Kim', 'Is it blue?');
  await aki.accept(kim.name);
  await expect(mini(aki, kim.name)).toBeVisible();
  await expect(aki.page.getByLabel('Title')).toHaveValue('Half a title');
  await expect(aki.composer).toBeFocused();
  await aki.say('It is.');
  await expect(aki.said('It is.')).toBeVisible();
  await expect(aki.page.getByLabel('Title')).toHaveValue('Half a title');
});

test('axe finds nothing in the dock, open or not', async ({ stage }) => {
  const { aki, lena } = await elsewhere(stage);
  await accessible('chips', aki.page);
  await chip(aki, lena.name).click();
  await expect(aki.said('One moment.')).toBeVisible();
  await accessible('a mini chat', aki.page);
});

test.describe('on a phone', () => {
  test('the window takes the screen and gives it back', async ({ stage }) => {
    const aki = await stage.staff('aki', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    await aki.go();
    const kim = await stage.waiting('Kim', 'Is it blue?');
    await aki.row(kim.name).getByRole('link').tap();
    await aki.page.getByRole('main').getByRole('button', { name: 'Respond' }).tap();
    await expect(aki.composer).toBeVisible();
    await aki.page.getByRole('link', { name: 'Settings' }).tap();
    await chip(aki, kim.name).tap();
    await expect(mini(aki, kim.name)).toBeVisible();
    await expect.poll(() => mini(aki, kim.name).boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 844 });
    await aki.say('It is.');
    await expect(aki.said('It is.')).toBeVisible();
    await mini(aki, kim.name).getByRole('button', { name: 'Put the chat down' }).tap();
    await expect(aki.page.getByRole('navigation', { name: 'Settings' })).toBeVisible();
    await expect(mini(aki, kim.name)).toBeHidden();
    const wide = await aki.page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide, 'nothing sticks out').toBe(390);
  });
});
