// What an agent wrote and the server has not got: it waits in the browser, goes out once, and is never there twice.

import { NO_SERVER, expect, refused, test } from './stage/fixtures.ts';
import { GREETING } from './stage/visitor.ts';

/** The pages still load, what is sent does not get through: a server that restarts behind its proxy looks like that. */
const COMMANDS = /\/api\//;

test('an agent’s messages and draft survive a reload without a connection, and go out once, in order', async ({ stage, guard }) => {
  const line = await stage.line();
  const lena = await stage.visitor({ name: 'Lena' });
  const aki = await stage.staff('aki', { proxy: line.proxy });
  await aki.go();
  await lena.begin('Does it come in oak?');
  await aki.take(lena.name);
  // The server has the beginning of what is then sent without it: it must not come back as a draft.
  await aki.composer.pressSequentially('It does');
  await expect(aki.status('Draft saved')).toBeVisible();

  guard.expect(NO_SERVER);
  line.cut(COMMANDS);
  await expect(aki.status('Connection lost')).toBeVisible();
  const waiting = ['It does, in two tones.', 'And in ash.'];
  for (const text of waiting) await aki.say(text);
  await aki.composer.pressSequentially('Shall I');
  await expect(aki.status('Draft not saved yet: kept in this browser')).toBeVisible();

  await aki.page.reload();
  await aki.reads('Does it come in oak?', GREETING, ...waiting);
  await expect(aki.delivery('And in ash.')).toHaveAccessibleName('Sending');
  await expect(aki.composer).toHaveValue('Shall I');
  await aki.say('Also after the reload.');
  await aki.composer.pressSequentially('Shall I send');

  line.mend();
  // As the browser says it; the button may be gone by now, when the next try has come by itself.
  await aki.page.evaluate(() => dispatchEvent(new Event('online')));
  const talk = ['Does it come in oak?', GREETING, ...waiting, 'Also after the reload.'];
  await lena.reads(...talk);
  await aki.reads(...talk);
  await expect(aki.status('Draft saved')).toBeVisible();
  await aki.reload();
  await aki.reads(...talk);
  await expect(aki.composer).toHaveValue('Shall I send');
});

test('a message that waits for the line goes out as soon as the line is back', async ({ stage, guard }) => {
  const line = await stage.line();
  const aki = await stage.staff('aki', { proxy: line.proxy });
  const chat = await stage.waiting('Kim', 'Is it heavy?');
  await aki.go();
  await aki.take(chat.name);
  guard.expect(NO_SERVER);
  let tries = 0;
  aki.page.on('request', (request) => {
    if (request.url().endsWith('/api/send')) tries += 1;
  });
  line.cut();
  await aki.say('Nine kilos.');
  // By then the outbox waits for eight seconds.
  await expect.poll(() => tries, { timeout: 20_000 }).toBeGreaterThanOrEqual(4);
  line.mend();
  // As the browser says it; the button may be gone by now, when the next try has come by itself.
  await aki.page.evaluate(() => dispatchEvent(new Event('online')));
  await expect(aki.status('Caught up')).toBeVisible();
  await expect(aki.delivery('Nine kilos.')).toHaveAccessibleName('Sent', { timeout: 3_000 });
  await aki.reads('Is it heavy?', GREETING, 'Nine kilos.');
});

test('two tabs: what one could not send is seen, and sent once, when it is closed', async ({ stage, guard }) => {
  const line = await stage.line();
  const aki = await stage.staff('aki', { proxy: line.proxy });
  const chat = await stage.waiting('Kim', 'Is it loud?');
  await aki.go();
  await aki.take(chat.name);
  const second = await stage.beside(aki, 'aki');
  await second.go(new URL(aki.page.url()).pathname);
  guard.expect(NO_SERVER);
  line.cut(COMMANDS);
  await aki.say('Like a cat.');
  await expect(second.said('Like a cat.')).toBeVisible();
  await aki.page.close();
  line.mend();
  await second.reads('Is it loud?', GREETING, 'Like a cat.');
  await expect(second.delivery('Like a cat.')).toHaveAccessibleName('Sent', { timeout: 30_000 });
});

test('signing out forgets what was not sent, and says so before', async ({ stage, server, guard }) => {
  const line = await stage.line();
  const cookie = await server.signIn('aki');
  const aki = await stage.staff('aki', { proxy: line.proxy }, cookie);
  const chat = await stage.waiting('Kim', 'Is it sharp?');
  await aki.go();
  await aki.take(chat.name);
  guard.expect(NO_SERVER);
  line.cut(COMMANDS);
  await aki.say('Very.');
  await aki.composer.fill('And also');
  const kept = () => aki.page.evaluate(() => Object.keys(localStorage).filter((name) => name.startsWith('desk.')).length);
  await expect.poll(kept).toBe(2);
  await aki.page.getByRole('button', { name: /^Account of/ }).click();
  await aki.page.getByRole('button', { name: 'Sign out and drop 1 unsent message' }).click();
  await expect(aki.page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  expect(await kept()).toBe(0);
});

test('a message that comes after the end keeps its text, and Retry sends it once the visitor is back', async ({ stage, guard }) => {
  const line = await stage.line();
  const lena = await stage.visitor({ name: 'Lena' });
  const aki = await stage.staff('aki', { proxy: line.proxy });
  await aki.go();
  await lena.begin('Is it waterproof?');
  await aki.take(lena.name);
  await expect(lena.log.getByText(`${aki.name} joined`)).toBeVisible();
  guard.expect(NO_SERVER);
  guard.expect(refused(409));
  line.cut();
  await aki.say('Down to ten metres.');
  await lena.leave();
  line.mend();
  const failed = aki.item('Down to ten metres.').getByRole('alert');
  await expect(failed).toContainText('Not sent. The chat has ended.', { timeout: 30_000 });
  await failed.getByRole('button', { name: 'Retry' }).click();
  await expect(failed).toContainText('Not sent. The chat has ended.');
  await aki.reload();
  await expect(failed, 'it is tried again after a reload, and still refused').toContainText('The chat has ended.');

  await lena.panel.getByRole('button', { name: 'Resume this chat' }).click();
  await aki.page.getByRole('main').getByRole('button', { name: 'Respond' }).click();
  await expect(aki.composer).toBeFocused();
  await failed.getByRole('button', { name: 'Retry' }).click();
  await expect(lena.said('Down to ten metres.')).toBeVisible();
  await expect(aki.delivery('Down to ten metres.')).toHaveAccessibleName(/Sent|Delivered|Read/);
  await expect(failed).toBeHidden();
});

test('a message that the server cannot take is tried again by itself, then left to Retry or Remove', async ({ stage, guard }) => {
  const aki = await stage.staff('aki');
  const chat = await stage.waiting('Kim', 'Is it soft?');
  await aki.go();
  await aki.take(chat.name);
  guard.expect(refused(500));
  await aki.page.route('**/api/send', (route) => route.fulfill({ status: 500, contentType: 'application/json', body: '"internal"' }));
  await aki.say('As a cloud.');
  const failed = aki.item('As a cloud.').getByRole('alert');
  await expect(failed).toContainText('Something went wrong on the server.', { timeout: 30_000 });
  await failed.getByRole('button', { name: 'Remove' }).click();
  await expect(aki.said('As a cloud.')).toHaveCount(0);
  await expect(aki.composer, 'the text is not lost').toHaveValue('As a cloud.');
  await aki.composer.press('Enter');
  await expect(failed).toBeVisible({ timeout: 30_000 });
  await aki.page.unroute('**/api/send');
  await failed.getByRole('button', { name: 'Retry' }).click();
  await expect(failed).toBeHidden();
  await aki.reads('Is it soft?', GREETING, 'As a cloud.');
  await aki.reload();
  await aki.reads('Is it soft?', GREETING, 'As a cloud.');
});
