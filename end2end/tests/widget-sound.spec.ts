// A tone for what the visitor does not see: once, and only for who has done something here.

import type { Frame } from '@playwright/test';
import { expect, test } from './stage/fixtures.ts';
import type { Visitor } from './stage/visitor.ts';

/** Counts the notes that are started in each document; a tone has two. */
const counting = () => {
  const count = { notes: 0, contexts: 0 };
  Object.assign(window, { count });
  const { start } = OscillatorNode.prototype;
  OscillatorNode.prototype.start = function (when) {
    count.notes++;
    start.call(this, when);
  };
  window.AudioContext = new Proxy(AudioContext, {
    construct: (target, given) => {
      count.contexts++;
      return Reflect.construct(target, given) as object;
    },
  });
};

interface Count {
  notes: number;
  contexts: number;
}

const frame = (lena: Visitor): Frame => lena.page.frames().find((frame) => frame.url().includes('/panel'))!;
const count = (lena: Visitor): Promise<Count> => frame(lena).evaluate(() => (window as never as { count: Count }).count);
/** What became of the last message: see the script. */
const tone = (lena: Visitor) => lena.panel.locator('html');
const notes = async (...tabs: Visitor[]): Promise<number> =>
  (await Promise.all(tabs.map(count))).reduce((sum, { notes }) => sum + notes, 0);

test('one tone over two tabs, for an agent’s message that is not seen; none for what is', async ({ stage }) => {
  const lena = await stage.visitor({ name: 'Lena', before: counting });
  const aki = await stage.staff('aki');
  await aki.go();
  await lena.begin('Do you ring?');
  await aki.take(lena.name);
  await aki.say('Read at once.');
  await expect(lena.turn('Read at once.')).toBeVisible();
  await lena.say('One’s own words make no sound.');
  const second = await (await stage.again(lena)).arrive();
  await expect(second.said('One’s own words make no sound.')).toBeVisible();
  await second.composer.click();
  await expect.poll(() => count(second).then(({ contexts }) => contexts)).toBe(1);
  expect(await notes(lena, second), 'what is seen is not announced').toBe(0);
  await expect(tone(lena)).not.toHaveAttribute('data-tone');

  await test.step('seen in one of them', async () => {
    await second.closeChat();
    await aki.say('Seen in the first tab.');
    await expect(lena.said('Seen in the first tab.')).toBeVisible();
    await expect(second.said('Seen in the first tab.')).toHaveCount(1);
    await expect(tone(second)).toHaveAttribute('data-tone', 'seen');
    expect(await notes(lena, second)).toBe(0);
  });

  await test.step('seen in none', async () => {
    await lena.closeChat();
    await aki.say('Is anybody there?');
    await expect(lena.launcher).toHaveAccessibleName(/1 unread/);
    await expect(second.launcher).toHaveAccessibleName(/1 unread/);
    await expect.poll(() => notes(lena, second)).toBe(2);
    const became = async () => [await tone(lena).getAttribute('data-tone'), await tone(second).getAttribute('data-tone')].sort();
    await expect.poll(became).toEqual(['elsewhere', 'rang']);
    expect(await notes(lena, second), 'the other tab keeps silent').toBe(2);
  });
});

test('with a window of its own there is one tone too, and none for what is seen there', async ({ stage }) => {
  const lena = await stage.visitor({ name: 'Lena', before: counting });
  const aki = await stage.staff('aki');
  await aki.go();
  await lena.begin('Do you ring twice?');
  await aki.take(lena.name);
  await lena.composer.click();
  await expect.poll(() => count(lena).then(({ contexts }) => contexts)).toBe(1);
  await lena.menuButton.click();
  const coming = lena.page.waitForEvent('popup');
  await lena.panel.getByRole('menuitem', { name: 'Open in its own window' }).click();
  const out = await coming;
  const started = () => out.evaluate(() => (window as never as { count: Count }).count.notes);
  await out.getByRole('textbox', { name: 'Message', exact: true }).click();
  await expect(lena.launcher).toHaveAccessibleName('Open chat');
  await aki.say('Seen in the window.');
  await expect(out.locator('.bubble').filter({ hasText: 'Seen in the window.' })).toBeVisible();
  // Told of before the message itself is, it never was unread here.
  await expect(tone(lena)).not.toHaveAttribute('data-tone', /waits|rang/);
  await out.evaluate(() => Object.defineProperty(document, 'hidden', { get: () => true }));
  await aki.say('Seen nowhere.');
  await expect(tone(lena)).toHaveAttribute('data-tone', 'rang');
  await expect(out.locator('html')).toHaveAttribute('data-tone', 'elsewhere');
  expect([await notes(lena), await started()]).toEqual([2, 0]);
});

test('no tone before anybody has done something, none for what a reload brings, none when it is off', async ({ stage }) => {
  const lena = await stage.visitor({ name: 'Lena', before: counting });
  const aki = await stage.staff('aki');
  await aki.go();
  await lena.begin('Are you quiet?');
  await aki.take(lena.name);
  await lena.closeChat();
  const asked: string[] = [];
  lena.page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await lena.page.reload();
  // Playwright looks into a frame with a visitor's gesture: nothing is asked in there yet.
  await aki.say('Nobody has pressed anything.');
  await expect(lena.launcher).toHaveAccessibleName(/1 unread/);
  expect(asked.filter((path) => path.includes('widget-sound')), 'not even fetched').toEqual([]);
  expect(await count(lena)).toEqual({ notes: 0, contexts: 0 });

  await test.step('after an act there is one, and it is of the new message only', async () => {
    await lena.openChat();
    await lena.composer.click();
    await expect.poll(() => count(lena).then(({ contexts }) => contexts)).toBe(1);
    await lena.closeChat();
    expect(await notes(lena)).toBe(0);
    await aki.say('Now somebody has.');
    await expect.poll(() => notes(lena)).toBe(2);
  });

  await test.step('off is off, and stays so', async () => {
    const item = lena.panel.getByRole('menuitemcheckbox', { name: 'Sound for new messages' });
    await lena.openChat();
    await lena.menuButton.click();
    await expect(item).toHaveAttribute('aria-checked', 'true');
    await item.click();
    await lena.page.reload();
    await lena.menuButton.click();
    await expect(item).toHaveAttribute('aria-checked', 'false');
    await lena.page.keyboard.press('Escape');
    await lena.composer.click();
    await lena.closeChat();
    await aki.say('Can you hear this?');
    await expect(lena.launcher).toHaveAccessibleName(/1 unread/);
    await expect(tone(lena)).toHaveAttribute('data-tone', 'off');
    expect(await count(lena)).toEqual({ notes: 0, contexts: 0 });
    await lena.openChat();
    await lena.menuButton.click();
    await item.click();
    await lena.closeChat();
    await aki.say('And this?');
    await expect.poll(() => notes(lena)).toBe(2);
  });
});
