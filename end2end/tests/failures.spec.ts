// What a visitor sees where things fail, and what they can still do. Beside this file: sockets that a proxy refuses, private
// windows and storage that is denied stand in widget.spec.ts, lines that break in network-cut.spec.ts, a server that dies
// in the middle of a talk in server-killed.spec.ts.

import type { Frame } from '@playwright/test';
import { accessible } from './stage/axe.ts';
import { NO_SERVER, expect, test } from './stage/fixtures.ts';
import { hostPage } from './stage/host-pages.ts';
import { GREETING, type Visitor } from './stage/visitor.ts';

const DAY = 24 * 3_600_000;
const OFFLINE = 'No connection. Messages wait here.';
const NOT_THROUGH = 'The chat does not come through.';
const PANEL = /\/w\/[^/]+\/panel/;
const PART = /\/w\/launcher-panel\.js/;
const MODULE = /\.wasm(\?|$)/;

const frameOf = (visitor: Visitor, dashboard: string): Frame =>
  visitor.page.frames().find((frame) => frame.url().startsWith(dashboard))!;

test.describe('the client does not come', () => {
  test('the panel says so, closes, opens, and keeps what is written until it does', async ({ stage, guard }) => {
    guard.expect(NO_SERVER);
    const lena = await stage.visitor({ name: 'Lena' });
    const context = lena.page.context();
    await context.route(MODULE, (route) => route.abort());
    await lena.arrive();
    await lena.openChat();
    const words = lena.panel.getByRole('alert').filter({ hasText: 'The chat could not be loaded. What you have written stays here.' });
    await expect(words).toBeVisible();
    await lena.form.question.fill('Is anybody there?');
    await lena.form.name.fill(lena.name);
    await lena.panel.getByRole('button', { name: 'Close chat' }).click();
    await expect(lena.launcher).toHaveAccessibleName('Open chat');
    await lena.openChat();
    await expect(lena.form.question).toHaveValue('Is anybody there?');
    await lena.form.question.press('Escape');
    await expect(lena.launcher).toBeFocused();

    await lena.page.reload();
    await lena.openChat();
    await expect(words).toBeVisible();
    await expect(lena.form.question).toHaveValue('Is anybody there?');
    await expect(lena.form.name).toHaveValue(lena.name);
    await accessible('the panel without its client', lena.page);

    await test.step('what is sent meanwhile is tried again, and not forgotten', async () => {
      const asked = lena.page.waitForRequest(MODULE);
      await lena.form.start.click();
      await asked;
      await expect(words).toBeVisible();
      await expect(lena.form.question).toHaveValue('Is anybody there?');
    });
    await context.unroute(MODULE);
    await words.getByRole('button', { name: 'Retry' }).click();
    await expect(words).toBeHidden();
    await lena.reads('Is anybody there?', GREETING);
    await lena.say('One client, not two.');
    await lena.reads('Is anybody there?', GREETING, 'One client, not two.');
  });

  test('a chat that runs is back with its draft as soon as it comes', async ({ stage, guard }) => {
    const lena = await stage.visitor({ name: 'Lena' });
    const context = lena.page.context();
    const aki = await stage.staff('aki');
    await aki.go();
    await lena.begin('Do you know me?');
    await aki.take(lena.name);
    await expect(lena.log.getByText('joined')).toBeVisible();
    guard.expect(NO_SERVER);
    await context.route(MODULE, (route) => route.abort());
    await lena.page.reload();
    const words = lena.panel.getByRole('alert').filter({ hasText: 'could not be loaded' });
    await expect(words).toBeVisible();
    await lena.composer.fill('Half a sentence');
    // Nothing goes out, and nothing is lost by trying.
    await lena.sendButton.click();
    await expect(lena.composer).toHaveValue('Half a sentence');
    await lena.page.reload();
    await expect(lena.composer).toHaveValue('Half a sentence');
    await context.unroute(MODULE);
    // The network is back.
    await frameOf(lena, stage.server.dashboard).evaluate(() => dispatchEvent(new Event('online')));
    await lena.reads('Do you know me?', GREETING);
    await expect(words).toBeHidden();
    await expect(lena.composer).toHaveValue('Half a sentence');
    await lena.composer.press('Enter');
    await aki.reads('Do you know me?', GREETING, 'Half a sentence');
  });

  test('a browser that cannot run it is told what is missing', async ({ stage }) => {
    const lena = await stage.visitor({
      name: 'Lena',
      before: ({ dashboard }) => {
        if (location.origin === dashboard) Reflect.deleteProperty(window, 'WebAssembly');
      },
    });
    await lena.arrive();
    await lena.openChat();
    const words = lena.panel.getByRole('alert').filter({ hasText: 'This chat needs WebAssembly' });
    await expect(words).toBeVisible();
    await expect(words.getByRole('button')).toBeHidden();
    await lena.form.question.fill('Too old?');
    await lena.form.start.click();
    await expect(lena.form.question).toHaveValue('Too old?');
    await lena.closeChat();
    await lena.page.reload();
    await lena.openChat();
    await expect(lena.form.question).toHaveValue('Too old?');
  });
});

test('a browser whose sockets throw talks over plain requests, both ways and at once', async ({ stage }) => {
  const lena = await stage.visitor({
    name: 'Lena',
    before: ({ dashboard }) => {
      if (location.origin !== dashboard) return;
      window.WebSocket = class {
        constructor() {
          throw new DOMException('Not here.', 'SecurityError');
        }
      } as never;
    },
  });
  const aki = await stage.staff('aki');
  await aki.go();
  await lena.begin('Is this a bank?');
  await aki.take(lena.name);
  await expect(lena.log.getByText(`${aki.name} joined`)).toBeVisible({ timeout: 20_000 });
  await aki.say('It is.');
  await expect(lena.said('It is.')).toBeVisible();
  await lena.say('I thought so.');
  await aki.reads('Is this a bank?', GREETING, 'It is.', 'I thought so.');
  await expect(lena.turn('I thought so.')).toContainText('Read');
  await lena.page.reload();
  await lena.reads('Is this a bank?', GREETING, 'It is.', 'I thought so.');
});

test('storage that is full: the chat works for this page, says so, and is gone with it', async ({ stage }) => {
  const lena = await stage.visitor({
    name: 'Lena',
    before: () => {
      Storage.prototype.setItem = () => {
        throw new DOMException('Full.', 'QuotaExceededError');
      };
    },
  });
  const aki = await stage.staff('aki');
  await aki.go();
  await lena.arrive();
  await lena.openChat();
  const words = lena.panel.getByRole('alert').filter({ hasText: 'Your browser stores nothing for this page' });
  await expect(words).toBeVisible();
  await lena.ask('Am I a stranger?');
  await aki.take(lena.name);
  await aki.say('Not yet.');
  await lena.reads('Am I a stranger?', GREETING, 'Not yet.');
  await lena.page.reload();
  await lena.openChat();
  await expect(words).toBeVisible();
  await expect(lena.form.heading).toBeVisible();
  await expect(lena.form.question).toHaveValue('');
});

test.describe('the frame does not come', () => {
  test('a blocker on the frame: words in its place, again by hand, and never a white box', async ({ stage, server, guard }) => {
    guard.expect(NO_SERVER);
    const line = await stage.line();
    const lena = await stage.visitor({ name: 'Lena', line });
    const snippet = `<script>
        window.Deskbell = function () { (Deskbell.q = Deskbell.q || []).push(arguments) };
        window.heard = [];
        Deskbell('on', 'error', (error) => heard.push(error.code));
      </script><script async src="${server.dashboard}/w/${server.siteKey}.js"></script>`;
    await lena.page.route(PANEL, (route) => route.abort('blockedbyclient'));
    await lena.arrive(hostPage(line, server, { snippet }));
    await lena.launcher.focus();
    await lena.page.keyboard.press('Enter');
    const words = lena.page.getByRole('alert').filter({ hasText: NOT_THROUGH });
    await expect(words).toBeVisible({ timeout: 5_000 });
    await expect(lena.page.locator('iframe[title="Chat"]')).toBeHidden();
    expect(await lena.page.evaluate(() => (window as never as { heard: string[] }).heard[0])).toBe('frame');
    await accessible('nothing in the frame', lena.page);

    await test.step('it goes away and comes back with the button', async () => {
      await lena.page.keyboard.press('Escape');
      await expect(words).toBeHidden();
      await expect(lena.launcher).toBeFocused();
      const tried = lena.page.waitForRequest(PANEL);
      await lena.page.keyboard.press('Enter');
      await tried;
      await expect(words).toBeVisible();
    });
    await test.step('on a phone too', async () => {
      await lena.page.setViewportSize({ width: 390, height: 844 });
      await expect(words).toBeInViewport({ ratio: 1 });
      await lena.page.getByRole('button', { name: 'Close chat' }).click();
      await expect(words).toBeHidden();
      await lena.page.getByRole('button', { name: 'Open chat' }).click();
      await expect(words).toBeVisible();
      await lena.page.setViewportSize({ width: 1280, height: 720 });
    });
    await test.step('Retry keeps the focus near', async () => {
      await words.getByRole('button', { name: 'Retry' }).press('Enter');
      await expect(words).toBeVisible();
      await expect(lena.page.getByRole('button', { name: 'Close chat' })).toBeFocused();
    });
    await test.step('Retry fails once more, then works, and leads into the chat', async () => {
      await words.getByRole('button', { name: 'Retry' }).click();
      await expect(words).toBeVisible();
      await lena.page.unroute(PANEL);
      await words.getByRole('button', { name: 'Retry' }).press('Enter');
      await expect(lena.form.name).toBeFocused();
      await expect(words).toBeHidden();
      await lena.ask('Do you see me now?');
      await lena.reads('Do you see me now?', GREETING);
    });
  });

  test('a blocker on what the launcher fetches: words, and the chat at the next press', async ({ stage, server, guard }) => {
    guard.expect(/net::ERR_BLOCKED_BY_CLIENT/);
    const line = await stage.line();
    const lena = await stage.visitor({ name: 'Lena', line });
    const snippet = `<script>
        window.Deskbell = function () { (Deskbell.q = Deskbell.q || []).push(arguments) };
        window.heard = [];
        Deskbell('on', 'error', (error) => heard.push(error.code));
        Deskbell('attributes', { plan: 'Oak' });
      </script><script async src="${server.dashboard}/w/${server.siteKey}.js"></script>`;
    await lena.page.route(PART, (route) => route.abort('blockedbyclient'));
    await lena.arrive(hostPage(line, server, { snippet }));
    await lena.launcher.click();
    const words = lena.page.getByRole('alert').filter({ hasText: NOT_THROUGH });
    await expect(words).toBeVisible();
    await expect(lena.launcher).toHaveAccessibleName('Close chat');
    await expect(lena.page.locator('iframe[title="Chat"]')).toBeHidden();
    expect(await lena.page.evaluate(() => (window as never as { heard: string[] }).heard)).toEqual(['frame']);
    await accessible('nothing of the panel', lena.page);
    await test.step('it is put away, and comes back', async () => {
      await lena.page.keyboard.press('Escape');
      await expect(words).toBeHidden();
      await expect(lena.launcher).toHaveAccessibleName('Open chat');
      await expect(lena.launcher).toBeFocused();
      await lena.page.keyboard.press('Enter');
      await expect(words).toBeVisible();
    });
    await words.getByRole('button', { name: 'Retry' }).click();
    await expect(words, 'still blocked').toBeVisible();
    await lena.page.unroute(PART);
    await words.getByRole('button', { name: 'Retry' }).press('Enter');
    await expect(words).toBeHidden();
    await expect(lena.form.name).toBeFocused();
    await lena.ask('Do you see me now?');
    await lena.reads('Do you see me now?', GREETING);
    await lena.closeChat();
    await expect(lena.launcher).toBeFocused();
  });

  test('the words are written as their language is', async ({ stage }) => {
    const lena = await stage.visitor({ name: 'Lena', context: { locale: 'ar' } });
    await lena.page.route(PANEL, (route) => route.abort('blockedbyclient'));
    await lena.page.goto(lena.shop);
    await lena.page.locator('deskbell-chat').getByRole('button').first().click();
    const words = lena.page.getByRole('alert');
    await expect(words).toBeVisible();
    expect(await words.evaluate((card) => [getComputedStyle(card).direction, card.closest('[lang]')?.getAttribute('lang') ?? (card.getRootNode() as ShadowRoot).host.getAttribute('lang')])).toEqual(['rtl', 'ar']);
  });

  test('a blocker on the launcher: the page is as it was, and its own calls break nothing', async ({ stage, server, guard }) => {
    guard.expect(/net::ERR_BLOCKED_BY_CLIENT/);
    const line = await stage.line();
    const lena = await stage.visitor({ line });
    await lena.page.route(`**/w/${server.siteKey}.js*`, (route) => route.abort('blockedbyclient'));
    const snippet = `<script>
        window.Deskbell = function () { (Deskbell.q = Deskbell.q || []).push(arguments) };
        Deskbell('open'); Deskbell('on', 'message', () => {});
      </script><script async src="${server.dashboard}/w/${server.siteKey}.js"></script>`;
    const blocked = lena.page.waitForEvent('requestfailed');
    await lena.page.goto(lena.shop + hostPage(line, server, { snippet }));
    await blocked;
    await expect(lena.page.getByRole('button')).toHaveText(['Buy']);
    await lena.page.evaluate(() => (window as never as { Deskbell: (verb: string) => void }).Deskbell('close'));
  });

  test('the server is gone before the panel opens: words, and the form by itself when it is back', async ({ stage, server, guard }) => {
    const lena = await stage.visitor({ name: 'Lena' });
    await lena.arrive();
    guard.expect(NO_SERVER);
    await server.kill();
    await lena.launcher.click();
    const words = lena.page.getByRole('alert').filter({ hasText: NOT_THROUGH });
    await expect(words).toBeVisible();
    await server.startAgain();
    await expect(lena.form.heading).toBeVisible({ timeout: 30_000 });
    await expect(words).toBeHidden();
    await lena.ask('Good morning?');
    await lena.reads('Good morning?', GREETING);
  });

  test('a page that loads while the server is gone finds its chat again by itself', async ({ stage, server, guard }) => {
    const line = await stage.line();
    const lena = await stage.visitor({ name: 'Lena', line });
    const aki = await stage.staff('aki');
    await aki.go();
    await lena.begin('Are you there?');
    await aki.take(lena.name);
    await expect(lena.log.getByText('joined')).toBeVisible();
    await lena.closeChat();
    guard.expect(NO_SERVER);
    // The launcher comes, from the browser's cache as it were.
    line.cut(/\/w\/([^/]+\/panel|api)/);
    await lena.page.reload();
    await expect(lena.launcher).toHaveAccessibleName('Open chat');
    await aki.say('We are.');
    line.mend();
    await expect(lena.launcher).toHaveAccessibleName('Open chat, 1 unread message', { timeout: 30_000 });
    await lena.openChat();
    await lena.reads('Are you there?', GREETING, 'We are.');
  });
});

test('the answer to the form is lost with the server: sent again it is one chat', async ({ stage, server, guard }) => {
  const lena = await stage.visitor({ name: 'Lena' });
  const aki = await stage.staff('aki');
  await aki.go();
  await lena.arrive();
  await lena.openChat();
  await lena.form.name.fill(lena.name);
  await lena.form.question.fill('Once or twice?');
  guard.expect(NO_SERVER);
  // It is on disk, and then the server dies before it can say so.
  await lena.page.route('**/w/api/start', async (route) => {
    await route.fetch();
    await server.kill();
    await route.abort('connectionreset');
  }, { times: 1 });
  await lena.form.start.click();
  await expect(lena.panel.getByRole('alert').filter({ hasText: 'No connection. Your text is kept' })).toBeVisible();
  await expect(lena.form.question).toHaveValue('Once or twice?');
  await server.startAgain();
  await lena.form.start.click();
  await lena.reads('Once or twice?', GREETING);
  await expect(aki.status('Caught up')).toBeVisible({ timeout: 30_000 });
  await expect(aki.row(lena.name)).toHaveCount(1);
});

for (const [words, shift] of [['fast', DAY], ['slow', -DAY]] as const) {
  test(`a clock that is a day ${words}: days, times, typing and retries stay true`, async ({ stage, guard }) => {
    const line = await stage.line();
    const lena = await stage.visitor({ name: 'Lena', line });
    await lena.page.context().addInitScript((shift) => {
      const Real = Date;
      Object.assign(window, { shift });
      const now = () => Real.now() + (window as never as { shift: number }).shift;
      window.Date = class extends Real {
        constructor(...given: [number]) {
          super(...((given.length ? given : [now()]) as [number]));
        }
        static override now = now;
      } as DateConstructor;
    }, shift);
    const aki = await stage.staff('aki');
    await aki.go();
    await lena.begin('What day is it?');
    await aki.take(lena.name);
    await aki.composer.pressSequentially('It');
    const typing = lena.panel.getByRole('status').filter({ hasText: 'is typing' });
    await expect(typing).toBeVisible();
    await aki.say('It is today.');
    await expect(lena.said('It is today.')).toBeVisible();
    await expect(typing).toBeHidden();
    await lena.say('Good.');
    await expect(lena.turn('Good.')).toContainText('Read');
    const days = lena.log.locator('.day').filter({ visible: true });
    await expect(days).toHaveCount(0);

    guard.expect(NO_SERVER);
    line.cut(/\/w\/api\//);
    await expect(lena.panel.getByText(OFFLINE)).toBeVisible();
    await expect(lena.panel.getByText(/^Retry in ([1-9]|1\d) s$/)).toBeVisible();
    await lena.say('Written without a line.');
    await expect(days).toHaveCount(0);
    // Somebody puts the clock right, or wrong, while they wait.
    await frameOf(lena, stage.server.dashboard).evaluate((shift) => Object.assign(window, { shift: -2 * shift }), shift);
    await expect(lena.panel.getByText(OFFLINE)).toBeVisible();
    await expect(lena.panel.getByText(/^Retry in ([1-9]|1\d) s$|^Retrying/)).toBeVisible();
    line.mend();
    const talk = ['What day is it?', GREETING, 'It is today.', 'Good.', 'Written without a line.'];
    await aki.reads(...talk);
    await lena.reads(...talk);
    await expect(lena.turn('Written without a line.')).toContainText('Read');
    await expect(days).toHaveCount(0);
    await aki.say('Still today.');
    await expect(lena.said('Still today.')).toBeVisible();
    await lena.say('And now?');
    await lena.reads(...talk, 'Still today.', 'And now?');
    await expect(days).toHaveCount(0);
    const shown = await lena.turn('Still today.').locator('time').textContent();
    const real = [0, -1].map((minutes) => new Date(Date.now() + minutes * 60_000).toLocaleTimeString('en-US', { hour: 'numeric', minute: '2-digit' }));
    expect(real.map((time) => time.replace(/\s/g, ' ')), 'by the server’s clock').toContain(shown!.replace(/\s/g, ' '));
  });
}

test('what goes wrong is told to the page too', async ({ stage, server, guard }) => {
  const line = await stage.line();
  const lena = await stage.visitor({
    name: 'Lena',
    line,
    before: () => {
      Storage.prototype.setItem = () => {
        throw new DOMException('Full.', 'QuotaExceededError');
      };
    },
  });
  const snippet = `<script>
      window.Deskbell = function () { (Deskbell.q = Deskbell.q || []).push(arguments) };
      window.heard = [];
      Deskbell('on', 'error', (error) => heard.push(error.code));
      Deskbell('on', 'error', () => { throw new Error('The page has trouble of its own.') });
    </script><script async src="${server.dashboard}/w/${server.siteKey}.js"></script>`;
  const heard = () => lena.page.evaluate(() => (window as never as { heard: string[] }).heard);
  const aki = await stage.staff('aki');
  await aki.go();
  guard.expect(NO_SERVER);
  guard.expect(/The page has trouble of its own/);
  await lena.arrive(hostPage(line, server, { snippet }));
  await lena.openChat();
  await expect.poll(heard).toEqual(['storage']);
  await lena.ask('Who is to blame?');
  await aki.take(lena.name);
  await expect(lena.log.getByText('joined')).toBeVisible();
  line.cut(/\/w\/api\//);
  await expect(lena.panel.getByText(OFFLINE)).toBeVisible();
  await expect.poll(heard).toEqual(['storage', 'offline']);
  line.mend();
  await expect(lena.panel.getByText(OFFLINE)).toBeHidden({ timeout: 30_000 });
  await aki.menu('Block visitor…');
  await aki.page.getByRole('alertdialog').getByRole('button', { name: 'Block', exact: true }).click();
  await expect(lena.log.getByText('This chat was closed')).toBeVisible();
  expect(await heard()).toEqual(['storage', 'offline']);
});

test.describe('a phone takes things away', () => {
  const talk = ['Will I come back?', GREETING, 'You will.'];

  async function talking(lena: Visitor, aki: Awaited<ReturnType<import('./stage/fixtures.ts').Stage['staff']>>): Promise<void> {
    await aki.go();
    await lena.begin(talk[0]!);
    await aki.take(lena.name);
    await aki.say(talk[2]!);
    await lena.reads(...talk);
  }

  test('the frame’s document: it comes again with the draft and what waits, and takes no focus', async ({ stage, server, guard }) => {
    const line = await stage.line();
    const lena = await stage.visitor({ name: 'Lena', line });
    const aki = await stage.staff('aki');
    await talking(lena, aki);
    guard.expect(NO_SERVER);
    line.cut(/\/w\/api\//);
    await expect(lena.panel.getByText(OFFLINE)).toBeVisible();
    await lena.say('Waiting');
    await lena.composer.fill('Half a sentence');
    const cart = lena.page.getByRole('link', { name: /Cart/ });
    await cart.focus();
    const frame = frameOf(lena, server.dashboard);
    await Promise.all([frame.waitForNavigation(), frame.evaluate(() => location.reload())]);
    await expect(lena.composer).toHaveValue('Half a sentence');
    await expect(lena.turn('Waiting')).toContainText('Waiting to send');
    line.mend();
    await lena.reads(...talk, 'Waiting');
    await aki.reads(...talk, 'Waiting');
    await expect(cart).toBeFocused();
    await lena.composer.press('Enter');
    await aki.reads(...talk, 'Waiting', 'Half a sentence');
  });

  test('the frame without a word: the launcher brings it back', async ({ stage, server }) => {
    const lena = await stage.visitor({ name: 'Lena' });
    const aki = await stage.staff('aki');
    await talking(lena, aki);
    await lena.composer.fill('Half a sentence');
    const frame = frameOf(lena, server.dashboard);
    await frame.waitForFunction(() => Object.keys(localStorage).some((name) => name.endsWith('.draft')));
    // As when its process ends: nothing of it is left to say so. (A real crash of a frame is one of the page for Playwright.)
    await frame.goto('about:blank');
    await expect(lena.page.getByRole('alert').filter({ hasText: NOT_THROUGH })).toBeVisible();
    await aki.say('Are you still there?');
    await lena.reads(...talk, 'Are you still there?');
    await expect(lena.composer).toHaveValue('Half a sentence');
    await lena.composer.press('Enter');
    await aki.reads(...talk, 'Are you still there?', 'Half a sentence');
  });

  test('the page, and the way back finds the chat as it is now', async ({ stage, server }) => {
    const lena = await stage.visitor({ name: 'Lena' });
    const aki = await stage.staff('aki');
    await talking(lena, aki);
    await lena.composer.fill('Half a sentence');
    await lena.page.goto(`${server.shop}/desk`);
    await lena.reads(...talk);
    await expect(lena.composer).toHaveValue('Half a sentence');
    await lena.composer.press('Enter');
    await aki.reads(...talk, 'Half a sentence');
    await lena.page.goBack();
    await lena.reads(...talk, 'Half a sentence');
    await aki.say('Welcome back.');
    await expect(lena.said('Welcome back.')).toBeVisible();
    await lena.say('Thank you.');
    await aki.reads(...talk, 'Half a sentence', 'Welcome back.', 'Thank you.');
    await lena.reads(...talk, 'Half a sentence', 'Welcome back.', 'Thank you.');
  });
});
