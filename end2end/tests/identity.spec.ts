// What a page says about its visitor: who it is, by signature, and what else, by its word.

import { createHmac } from 'node:crypto';
import type { Page } from '@playwright/test';
import { accessible } from './stage/axe.ts';
import { expect, refused, test, type Stage } from './stage/fixtures.ts';
import { hostPage } from './stage/host-pages.ts';
import type { Server } from './stage/server.ts';
import { GREETING, type Visitor } from './stage/visitor.ts';

interface Site {
  id: string;
  draft: { settings: { identified_only: boolean } };
}

interface Secret {
  id: string;
}

interface User {
  userId: string;
  expires: number;
  name?: string;
  email?: string;
  phone?: string;
}

// Exactly as docs/widget.md has it.
function identity(secret: string, site: string, user: User): User & { signature: string } {
  const { userId, expires, name = '', email = '', phone = '' } = user;
  const text = ['deskbell-identity-v1', site, userId, expires, name, email, phone].join('\n');
  const signature = createHmac('sha256', secret).update(text).digest('hex');
  return { userId, expires, name, email, phone, signature };
}

/** In an hour by the server's clock, which other stories put forward. */
const soon = (server: Server): number => Math.floor(Date.now() / 1000) + server.ahead + 3600;

/** Deskbell on the page around. */
function call(page: Page, ...words: unknown[]): Promise<void> {
  return page.evaluate((words) => (window as never as { Deskbell: (...words: unknown[]) => void }).Deskbell(...words), words);
}

/** What the page was told went wrong. */
function errors(page: Page): Promise<unknown[]> {
  return page.evaluate(() => (window as never as { errors: unknown[] }).errors);
}

/** A visitor on a page that says these words before the script is there. */
async function onPage(stage: Stage, server: Server, calls: unknown[][], name = 'Lena'): Promise<Visitor> {
  const line = await stage.line();
  const visitor = await stage.visitor({ name, line });
  const snippet = `<script>
      window.Deskbell = window.Deskbell || function () { (Deskbell.q = Deskbell.q || []).push(arguments) };
      window.errors = [];
      Deskbell('on', 'error', (detail) => errors.push(detail));
      for (const words of ${JSON.stringify(calls)}) Deskbell(...words);
    </script><script async src="${server.dashboard}/w/${server.siteKey}.js"></script>`;
  await visitor.arrive(hostPage(line, server, { snippet }));
  return visitor;
}

let site: Site;
let secret = '';
const secrets = (server: Server): Promise<Secret[]> => server.asAdmin('site-secrets', { site: site.id });

test.beforeEach(async ({ server }) => {
  site = (await server.asAdmin<{ sites: Site[] }>('sites-admin', {})).sites[0]!;
  ({ secret } = await server.asAdmin<{ secret: string }>('make-site-secret', { site: site.id }));
});

test.afterEach(async ({ server }) => {
  await server.asAdmin('save-site', { id: site.id, draft: site.draft });
  for (const { id } of await secrets(server)) await server.asAdmin('retire-site-secret', { site: site.id, secret: id });
});

test('who is signed in to the page is not asked for it, is verified to the agent, and finds the same chat elsewhere', async ({ stage, server }) => {
  const me = { userId: stage.named('user'), expires: soon(server), name: stage.named('Zoë'), email: stage.address('Zoë') };
  const lena = await onPage(stage, server, [['identify', identity(secret, server.siteKey, me)]]);
  const stored = await lena.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  expect(stored, 'nothing is kept by the page').toBe('[{},{}]');
  await lena.openChat();
  await expect(lena.form.question).toBeVisible();
  await expect(lena.form.name).toBeHidden();
  await expect(lena.form.email).toBeHidden();
  await accessible('the form of somebody who is known', lena.page);
  await lena.form.question.fill('Is it me?');
  await lena.form.start.click();
  await lena.reads('Is it me?', GREETING);
  expect(await lena.page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain('signature');

  const aki = await stage.staff('aki');
  await aki.go();
  await aki.take(me.name);
  await expect(aki.customer.getByText('Verified, with name and e-mail')).toBeVisible();
  await expect(aki.customer).toContainText(`User ${me.userId}`);
  await expect(aki.customer.getByRole('link', { name: me.email })).toBeVisible();
  await accessible('somebody who is verified', aki.page);
  await aki.say('It is.');

  const phone = await onPage(stage, server, [['identify', identity(secret, server.siteKey, me)]], 'Phone');
  await phone.openChat();
  await phone.reads('Is it me?', GREETING, 'It is.');
  await phone.say('Here I am too.');
  await lena.reads('Is it me?', GREETING, 'It is.', 'Here I am too.');
  await lena.say('And here.');
  await phone.reads('Is it me?', GREETING, 'It is.', 'Here I am too.', 'And here.');
  expect([await errors(lena.page), await errors(phone.page)]).toEqual([[], []]);
});

test('who signs in during a chat takes it along, and loses nothing that was being written', async ({ stage, server }) => {
  const lena = await onPage(stage, server, []);
  await lena.openChat();
  await lena.ask('Who will I be?');
  const aki = await stage.staff('aki');
  await aki.go();
  await aki.take(lena.name);
  await lena.composer.fill('Half a sentence');
  const other = await stage.again(lena);
  await other.arrive();
  await expect(other.said('Who will I be?')).toBeVisible();

  const me = { userId: stage.named('user'), expires: soon(server), email: stage.address('Lena') };
  await call(lena.page, 'identify', identity(secret, server.siteKey, me));
  await expect(aki.customer.getByText('Verified, with e-mail')).toBeVisible();
  await expect(lena.composer).toHaveValue('Half a sentence');
  await lena.composer.press('Enter');
  await expect(aki.said('Half a sentence')).toBeVisible();
  await aki.say('Somebody.');
  await lena.reads('Who will I be?', GREETING, 'Half a sentence', 'Somebody.');
  await other.reads('Who will I be?', GREETING, 'Half a sentence', 'Somebody.');
  await other.say('From another tab.');
  await aki.reads('Who will I be?', GREETING, 'Half a sentence', 'Somebody.', 'From another tab.');
  await lena.page.reload();
  await lena.reads('Who will I be?', GREETING, 'Half a sentence', 'Somebody.', 'From another tab.');
});

test('a wrong or an old signature is told to the page, and the visitor chats as a stranger', async ({ stage, server, guard }) => {
  guard.expect(refused(422));
  const me = { userId: stage.named('user'), expires: soon(server) };
  const forged = identity('another secret', server.siteKey, me);
  const lena = await onPage(stage, server, [['identify', forged]]);
  expect(await errors(lena.page), 'nothing is asked before anybody wants to chat').toEqual([]);
  await lena.openChat();
  await expect.poll(() => errors(lena.page)).toEqual([{ code: 'identity', field: 'signature', problem: 'unknown' }]);
  await lena.ask('Am I a stranger?');
  await call(lena.page, 'identify', identity(secret, server.siteKey, { ...me, expires: soon(server) - 7200 }));
  await call(lena.page, 'identify', { userId: '' });
  await expect.poll(async () => (await errors(lena.page)).slice(1)).toEqual([
    { code: 'identity', field: 'expires', problem: 'expired' },
    { code: 'identity', field: 'user_id', problem: 'missing' },
  ]);
  await lena.say('It seems so.');
  await lena.reads('Am I a stranger?', GREETING, 'It seems so.');
  const aki = await stage.staff('aki');
  await aki.go();
  await aki.take(lena.name);
  await expect(aki.customer.getByRole('heading', { name: lena.name })).toBeVisible();
  await expect(aki.customer.getByText('Verified')).toBeHidden();
});

test('another person at the same browser starts anew, and so does the next after a reset', async ({ stage, server }) => {
  const user = (name: string) => identity(secret, server.siteKey, { userId: stage.named(name), expires: soon(server), name: stage.named(name), email: stage.address(name) });
  const lena = await onPage(stage, server, [['identify', user('Anna')]]);
  await lena.openChat();
  await lena.form.question.fill('Anna’s question');
  await lena.form.start.click();
  await lena.reads('Anna’s question', GREETING);
  await lena.composer.fill('Anna’s draft');
  await call(lena.page, 'identify', user('Bea'));
  await expect(lena.form.question).toBeVisible();
  await expect(lena.form.question).toHaveValue('');
  await lena.form.question.fill('Bea’s question');
  await lena.form.start.click();
  await lena.reads('Bea’s question', GREETING);
  await expect(lena.composer).toHaveValue('');
  // The first is still what she was, and finds her chat.
  await call(lena.page, 'identify', user('Anna'));
  await lena.reads('Anna’s question', GREETING);

  await call(lena.page, 'reset');
  await lena.openChat();
  await expect(lena.form.name).toBeVisible();
  await expect(lena.form.question).toHaveValue('');
  await call(lena.page, 'identify', user('Bea'));
  await lena.reads('Bea’s question', GREETING);
});

test('where only identified people may chat, strangers are told so in words', async ({ stage, server }) => {
  const ada = await stage.staff('admin');
  await ada.go('/settings/sites');
  await ada.page.getByRole('button', { name: 'Edit Oak & Co.' }).click();
  const form = ada.page.getByRole('form', { name: 'Site Oak & Co.' });
  await expect(form.getByText(`Ends in ${secret.slice(-4)}`)).toBeVisible();
  await form.getByRole('button', { name: 'Make a secret' }).click();
  await expect(form.getByText('It is not shown again.')).toBeVisible();
  await expect(form.getByRole('button', { name: 'Make a secret' })).toBeHidden();
  await form.getByRole('button', { name: `Retire the secret that ends in ${secret.slice(-4)}` }).click();
  await form.getByRole('button', { name: 'Keep' }).click();
  await form.getByRole('checkbox', { name: 'Only people whom your page has identified may chat' }).check();
  await accessible('the secrets of a site', ada.page);

  // Somebody is in the middle of a chat.
  const jo = await onPage(stage, server, [], 'Jo');
  await jo.openChat();
  await jo.ask('Was I here before?');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form).toBeHidden();
  const words = 'Please sign in on this page to chat with us.';
  await jo.composer.fill('Hello?');
  await expect(jo.panel.getByText(words)).toBeVisible();

  const lena = await onPage(stage, server, []);
  await lena.openChat();
  await expect(lena.panel.getByText(words)).toBeVisible();
  await expect(lena.form.start).toBeHidden();
  await accessible('a panel for others', lena.page);
  const user = (name: string) => identity(secret, server.siteKey, { userId: stage.named(name), expires: soon(server) });
  await call(lena.page, 'identify', user('lena'));
  await lena.ask('And now?');
  await lena.reads('And now?', GREETING);
  // Who was shut out goes on, with what they had begun to write.
  await call(jo.page, 'identify', user('jo'));
  await expect(jo.composer).toHaveValue('Hello?');
  await jo.composer.press('Enter');
  await jo.reads('Was I here before?', GREETING, 'Hello?');
});

test('attributes said before a chat and during one reach the agent at once, as what they are', async ({ stage, server }) => {
  const said = { plan: 'pro', seats: 12, trial: true, note: '<img src=x onerror=alert(1)>' };
  const lena = await onPage(stage, server, [['attributes', said]]);
  await lena.openChat();
  await lena.ask('What do I pay?');
  const aki = await stage.staff('aki');
  await aki.go();
  await aki.take(lena.name);
  const attributes = aki.customer.getByRole('region', { name: 'Attributes' });
  await expect(attributes.getByRole('definition')).toHaveText(['<img src=x onerror=alert(1)>', 'pro', '12', 'yes']);
  await expect(attributes).toContainText('Told by the page, not verified.');
  await accessible('attributes of a visitor', aki.page);
  await call(lena.page, 'attributes', { note: null, seats: 13 });
  await expect(attributes.getByRole('definition')).toHaveText(['pro', '13', 'yes']);

  // Wrong ones are refused whole, here and by the server.
  await call(lena.page, 'attributes', { plan: 'free', address: { city: 'Wien' } });
  const many = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`key-${n}`, n]));
  await call(lena.page, 'attributes', many);
  await expect.poll(() => errors(lena.page)).toEqual([
    { code: 'attributes', field: 'address', problem: 'unknown' },
    { code: 'attributes', field: 'key-27', problem: 'too_many' },
  ]);
  await lena.say('Still here?');
  await expect(aki.said('Still here?')).toBeVisible();
  await expect(attributes.getByRole('definition')).toHaveText(['pro', '13', 'yes']);
});

test('a frame that does not come is told to the page', async ({ stage, server, guard }) => {
  guard.expect(/net::ERR_/);
  const lena = await stage.visitor();
  await lena.page.clock.install();
  await lena.page.route('**/w/*/panel*', (route) => route.abort('blockedbyclient'));
  await lena.arrive();
  await lena.page.evaluate(() => {
    const all: unknown[] = [];
    Object.assign(window, { errors: all });
    (window as never as { Deskbell: (...words: unknown[]) => void }).Deskbell('on', 'error', (detail: unknown) => all.push(detail));
  });
  await lena.launcher.click();
  await lena.page.clock.runFor(21_000);
  // Once for each try.
  await expect.poll(async () => (await errors(lena.page))[0]).toEqual({ code: 'frame' });
  expect(server.dashboard).toBeTruthy();
});
