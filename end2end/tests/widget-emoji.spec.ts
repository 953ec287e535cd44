// Emoji are picked in the panel by pointer, keyboard and finger.

import { accessible } from './stage/axe.ts';
import { expect, test } from './stage/fixtures.ts';
import type { Visitor } from './stage/visitor.ts';

const parts = (lena: Visitor, name = 'Emoji') => ({
  button: lena.panel.getByRole('button', { name, exact: true }),
  picker: lena.panel.getByRole('dialog', { name, exact: true }),
  one: (word: string) => lena.panel.getByRole('option', { name: word, exact: true }),
});

test('an emoji goes in at the caret; those used last stand first, after a reload too', async ({ stage }) => {
  const asked: string[] = [];
  const lena = await stage.visitor({ name: 'Lena', context: { reducedMotion: 'reduce' } });
  lena.page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const { button, picker, one } = parts(lena);
  await lena.begin('Do you like emoji?');
  await lena.composer.fill('Yes, much.');
  for (let n = 0; n < 6; n++) await lena.composer.press('ArrowLeft');
  expect(asked.filter((path) => path.includes('emoji'))).toEqual([]);
  await button.click();
  await expect(one('grinning face')).toBeFocused();
  await accessible('the picker of emoji', lena.page);
  await one('thumbs up').click();
  await expect(picker).toBeHidden();
  await expect(lena.composer).toBeFocused();
  await expect(lena.composer).toHaveValue('Yes,👍 much.');
  await lena.page.keyboard.type('!');
  await expect(lena.composer, 'the caret stands behind it').toHaveValue('Yes,👍! much.');
  await lena.composer.press('Enter');
  await expect(lena.said('Yes,👍! much.')).toBeVisible();

  await lena.page.reload();
  await expect(lena.composer).toBeVisible();
  await button.click();
  const last = lena.panel.getByRole('group', { name: 'Recently used' }).getByRole('option');
  await expect(last).toHaveText(['👍']);
  await expect(last.first()).toBeFocused();
  await lena.panel.getByRole('button', { name: 'Food and drink' }).click();
  await expect(one('red apple')).toBeFocused();
  await expect(one('red apple')).toBeInViewport({ ratio: 1 });
  await lena.page.keyboard.press('Enter');
  await expect(lena.composer).toHaveValue('🍎');
  await button.click();
  await expect(last).toHaveText(['🍎', '👍']);
  await lena.log.click({ position: { x: 9, y: 9 } });
  await expect(picker).toBeHidden();
});

test('the picker by keyboard alone, and Escape closes only the picker', async ({ stage }) => {
  const lena = await stage.visitor({ name: 'Lena' });
  const keys = lena.page.keyboard;
  const { button, picker, one } = parts(lena);
  await lena.begin('By keyboard?');
  await lena.composer.focus();
  await keys.press('Tab');
  await expect(button).toBeFocused();
  await keys.press('Enter');
  await expect(one('grinning face')).toBeFocused();
  await keys.press('ArrowRight');
  await expect(one('grinning face with smiling eyes')).toBeFocused();
  const left = await one('grinning face with smiling eyes').boundingBox();
  await keys.press('ArrowDown');
  const below = await lena.panel.locator('[role=option]:focus').boundingBox();
  expect(below!.x, 'straight down').toBeCloseTo(left!.x, 0);
  expect(below!.y).toBeGreaterThan(left!.y);
  await keys.press('ArrowUp');
  await expect(one('grinning face with smiling eyes')).toBeFocused();
  await keys.press('End');
  await expect(one('chair')).toBeFocused();
  await expect(one('chair')).toBeInViewport({ ratio: 1 });
  await keys.press('Home');
  await expect(one('grinning face')).toBeFocused();
  await keys.press('Escape');
  await expect(picker).toBeHidden();
  await expect(lena.composer).toBeFocused();
  await expect(lena.launcher).toHaveAccessibleName('Close chat');
  await keys.press('Tab');
  await keys.press('Enter');
  await keys.press('Shift+Tab');
  await keys.press('Enter');
  await expect(one('chair'), 'the last button above leads to the last group').toHaveCount(1);
  await keys.press('Enter');
  await expect(lena.composer).toHaveValue('🚗');
});

test('emoji on a phone, in Arabic', async ({ stage }) => {
  const lena = await stage.visitor({
    context: { locale: 'ar', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, reducedMotion: 'reduce' },
  });
  const panel = lena.page.frameLocator('iframe');
  await lena.page.goto(lena.shop);
  await lena.page.locator('deskbell-chat').getByRole('button').tap();
  await panel.locator('#question').fill('سؤال');
  await panel.getByLabel('الاسم').fill(lena.name);
  await panel.getByLabel('البريد الإلكتروني').fill(lena.email);
  await panel.locator('#start').tap();
  await expect(panel.locator('.bubble').filter({ hasText: 'سؤال' })).toBeVisible();
  await panel.getByRole('button', { name: 'رموز تعبيرية' }).tap();
  const first = panel.getByRole('option', { name: 'grinning face', exact: true });
  const second = panel.getByRole('option', { name: 'grinning face with smiling eyes', exact: true });
  const [one, two] = [(await first.boundingBox())!, (await second.boundingBox())!];
  expect(Math.min(one.width, one.height), 'large enough for a finger').toBeGreaterThanOrEqual(44);
  expect(two.x, 'from right to left').toBeLessThan(one.x);
  await first.press('ArrowLeft');
  await expect(second).toBeFocused();
  await accessible('the picker on a phone', lena.page);
  await panel.getByRole('option', { name: 'waving hand', exact: true }).tap();
  await expect(panel.locator('#message')).toHaveValue('👋');
});
