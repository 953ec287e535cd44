import type { Page } from '@playwright/test';
import type { Agent } from './stage/agent.ts';
import { NO_SERVER, expect, test } from './stage/fixtures.ts';
import { GREETING, type Visitor } from './stage/visitor.ts';

/** Stays as long as the document does. */
async function mark(page: Page): Promise<void> {
  for (const frame of page.frames()) await frame.evaluate(() => Object.assign(window, { stillHere: true }));
}

async function neverReloaded(page: Page): Promise<void> {
  for (const frame of page.frames()) {
    expect(await frame.evaluate(() => 'stillHere' in window), `${frame.url()} was not loaded anew`).toBe(true);
  }
}

const withoutServer = (agent: Agent, visitor: Visitor) => [
  expect(agent.status('Connection lost')).toBeVisible(),
  expect(visitor.panel.getByRole('status').filter({ hasText: 'No connection.' })).toBeVisible(),
];

test('the server is killed in the middle of a conversation, and nobody loses a word', async ({ stage, server, guard }) => {
  const lena = await stage.visitor({ name: 'Lena' });
  const aki = await stage.staff('aki');
  await aki.go();
  await lena.begin('Where is it made?');
  await aki.take(lena.name);
  await aki.say('In Porto.');
  await expect(lena.said('In Porto.')).toBeVisible();
  await Promise.all([mark(lena.page), mark(aki.page)]);

  guard.expect(NO_SERVER);
  const before = ['Where is it made?', GREETING, 'In Porto.'];
  const [fromLena, fromAki]: string[][] = [[], []];
  await test.step('killed while both are writing', async () => {
    const dies = (async () => {
      await expect(aki.said('Lena 2')).toBeVisible();
      await server.kill();
    })();
    for (let n = 1; n <= 6; n += 1) {
      fromLena!.push(`Lena ${n}`);
      fromAki!.push(`Aki ${n}`);
      await lena.say(`Lena ${n}`);
      await aki.say(`Aki ${n}`);
    }
    await dies;
    await Promise.all(withoutServer(aki, lena));
  });

  await test.step('without a server both write on', async () => {
    fromLena!.push('Lena without a server');
    await lena.say('Lena without a server');
    fromAki!.push('Aki without a server');
    await aki.say('Aki without a server');
    await lena.composer.fill('half a sen');
    await aki.composer.fill('half a rep');
  });

  await test.step('started again, both catch up without a reload', async () => {
    await server.startAgain();
    await expect(aki.status('Caught up')).toBeVisible({ timeout: 30_000 });
    await expect(lena.panel.getByText('No connection.')).toBeHidden({ timeout: 30_000 });
    const bubbles = aki.log.locator('.dk-bubble');
    await expect(bubbles).toHaveCount(before.length + fromLena!.length + fromAki!.length, { timeout: 30_000 });
    await expect(aki.delivery('Aki without a server')).toHaveAccessibleName('Read', { timeout: 30_000 });
    const talk = (await bubbles.allInnerTexts()).map((text) => text.trim());
    expect(talk.slice(0, before.length)).toEqual(before);
    expect(talk.filter((text) => text.startsWith('Lena'))).toEqual(fromLena);
    expect(talk.filter((text) => text.startsWith('Aki'))).toEqual(fromAki);
    await lena.reads(...talk);
    await Promise.all([neverReloaded(lena.page), neverReloaded(aki.page)]);
    await expect(lena.composer).toHaveValue('half a sen');
    await expect(aki.composer).toHaveValue('half a rep');

    await lena.say('It goes on.');
    await expect(aki.said('It goes on.')).toBeVisible();
    await aki.say('Indeed.');
    await expect(lena.said('Indeed.')).toBeVisible();
    await aki.reload();
    await aki.reads(...talk, 'It goes on.', 'Indeed.');
  });
});

test('killed while somebody waits: the place in the queue and the inbox come back', async ({ stage, server, guard }) => {
  const omar = await stage.visitor({ name: 'Omar' });
  const aki = await stage.staff('aki');
  await aki.go();
  await omar.begin('Hello?');
  await expect(aki.row(omar.name)).toBeVisible();
  await Promise.all([mark(omar.page), mark(aki.page)]);

  guard.expect(NO_SERVER);
  await server.kill();
  await Promise.all(withoutServer(aki, omar));
  await server.startAgain();
  await expect(aki.status('Caught up')).toBeVisible({ timeout: 30_000 });
  await expect(omar.panel.getByText('You are next.')).toBeVisible({ timeout: 30_000 });
  await aki.take(omar.name);
  await expect(omar.log.getByText(`${aki.name} joined`)).toBeVisible();
  await Promise.all([neverReloaded(omar.page), neverReloaded(aki.page)]);
});
