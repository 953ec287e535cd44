// A visitor reads what was said in chats before this one.

import { accessible } from './stage/axe.ts';
import { expect, NO_SERVER, test } from './stage/fixtures.ts';
import type { Visitor } from './stage/visitor.ts';

const parts = (lena: Visitor) => {
  const dialog = lena.panel.locator('#earlier');
  return {
    dialog,
    item: lena.panel.getByRole('menuitem', { name: 'Earlier chats' }),
    rows: dialog.getByRole('listitem'),
    row: (text: string) => dialog.getByRole('button').filter({ hasText: text }),
    log: dialog.locator('#earlier-log'),
    bubbles: dialog.locator('.bubble'),
    older: dialog.getByRole('button', { name: /^(Older chats|Earlier messages)$/ }),
    close: dialog.getByRole('button', { name: 'Close', exact: true }),
  };
};

/** The next chat, after the last one has ended. */
async function anew(lena: Visitor, question: string): Promise<void> {
  await lena.panel.getByRole('button', { name: 'New chat' }).click();
  await lena.ask(question);
}

test('earlier chats are listed and read, without what the team noted', async ({ stage, guard }) => {
  guard.expect(NO_SERVER);
  const lena = await stage.visitor({ name: 'Lena', context: { reducedMotion: 'reduce' } });
  const aki = await stage.staff('aki');
  const { dialog, item, rows, row, log, bubbles, close } = parts(lena);
  await aki.go();
  await lena.begin('Does the oak desk come with a drawer?');
  await lena.menuButton.click();
  await expect(lena.panel.getByRole('menuitem', { name: 'Save chat as text' })).toBeVisible();
  await expect(item, 'there are none yet').toBeHidden();
  await lena.page.keyboard.press('Escape');
  await aki.take(lena.name);
  await aki.say('It does: see https://oak.example/desk.');
  await expect(lena.said('It does')).toBeVisible();
  await lena.say('<b>Good</b>, thank you.');
  await expect(aki.said('thank you.')).toBeVisible();
  await aki.end();
  await lena.rate(4, 'Quick and kind.');
  await expect(lena.rating.thanks).toBeVisible();
  await anew(lena, 'And a lamp?');
  await lena.leave();
  await anew(lena, 'Still there?');

  await lena.menuButton.click();
  await item.click();
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(0)).toContainText('And a lamp?');
  await expect(rows.nth(0)).toContainText('You left the chat');
  await expect(rows.nth(1)).toContainText('Does the oak desk come with a drawer?');
  await expect(rows.nth(1)).toContainText(aki.name);
  await expect(rows.nth(1).getByRole('img', { name: 'Your rating: 4 of 5 stars' })).toBeVisible();
  await expect(row('And a lamp?')).toBeFocused();
  await accessible('earlier chats', lena.page);

  await row('oak desk').click();
  await expect(bubbles).toHaveText([/oak desk/, /Thank you for your question/, /It does/, '<b>Good</b>, thank you.']);
  await expect(log).toBeFocused();
  await expect(log.getByText(`${aki.name} joined`)).toBeVisible();
  await expect(log.getByText(`${aki.name} ended the chat`)).toBeVisible();
  await expect(log.getByText('Your rating: 4 of 5 stars')).toBeVisible();
  await expect(log.getByRole('link', { name: 'https://oak.example/desk' })).toHaveAttribute('rel', /noopener/);
  await expect(dialog.getByRole('textbox')).toHaveCount(0);
  await accessible('an earlier chat', lena.page);

  await test.step('back, and out by Escape; the panel stays, and what runs goes on', async () => {
    await dialog.getByRole('button', { name: 'Back to the list' }).click();
    await expect(row('oak desk')).toBeFocused();
    await lena.page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    await expect(lena.menuButton).toBeFocused();
    await expect(lena.said('Still there?')).toBeVisible();
    await lena.say('The chat goes on.');
    await expect(lena.turn('The chat goes on.')).toContainText('Sent');
  });

  await test.step('without an answer it says so, and can be asked again', async () => {
    await lena.menuButton.click();
    await item.click();
    await expect(rows).toHaveCount(2);
    await lena.page.route('**/w/api/chats/*', (route) => route.abort());
    await row('oak desk').click();
    await expect(dialog.getByRole('status')).toHaveText('This could not be loaded. Please try once more.');
    await lena.page.unroute('**/w/api/chats/*');
    await row('oak desk').click();
    await expect(bubbles).toHaveCount(4);
    await close.click();
    await expect(dialog).toBeHidden();
  });
});

test('a long earlier chat comes by pages, and what one reads stays where it is', async ({ stage }) => {
  const lena = await stage.visitor({ name: 'Lena' });
  const { item, row, bubbles, older } = parts(lena);
  await lena.begin('The first of many');
  const token = await lena.page
    .frames()
    .find((frame) => frame.url().includes('/panel'))!
    .evaluate(() => Object.entries(localStorage).find(([name]) => name.endsWith('.token'))![1]);
  for (let n = 1; n <= 130; n++) {
    // As fast as nobody types: the limit is by the server's clock.
    if (n % 15 === 0) await stage.server.advance(10);
    const { status } = await fetch(`${stage.server.dashboard}/w/api/frame`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ send: { client_id: crypto.randomUUID(), text: `Number ${n}` } }),
    });
    expect(status).toBe(200);
  }
  await expect(lena.said('Number 130')).toBeVisible();
  await lena.leave();
  await anew(lena, 'Another one');
  await lena.menuButton.click();
  await item.click();
  await row('The first of many').click();
  await expect(bubbles.last()).toBeInViewport();
  await expect(bubbles).toHaveCount(100 - 1);
  const top = lena.panel.locator('#earlier-log .bubble').first();
  const words = (await top.textContent())!;
  await older.scrollIntoViewIfNeeded();
  const one = lena.panel.locator('#earlier-log .bubble').filter({ hasText: new RegExp(`^${words}$`) });
  const before = (await one.boundingBox())!.y;
  await older.click();
  await expect(bubbles).toHaveCount(132);
  await expect(bubbles.first()).toHaveText('The first of many');
  await expect(older).toBeHidden();
  expect(Math.abs((await one.boundingBox())!.y - before)).toBeLessThan(80);
});
