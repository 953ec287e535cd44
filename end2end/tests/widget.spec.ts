import { readFile } from 'node:fs/promises';
import type { Request } from '@playwright/test';
import { NO_SERVER, expect, test } from './stage/fixtures.ts';
import { hostPage } from './stage/host-pages.ts';
import { GREETING } from './stage/visitor.ts';

test('before anybody wants to chat, the launcher is all that is asked for, and nothing is stored', async ({ stage, server }) => {
  const lena = await stage.visitor();
  const asked: string[] = [];
  lena.page.on('request', (request: Request) => {
    if (request.url().startsWith(server.dashboard)) asked.push(new URL(request.url()).pathname);
  });
  await lena.arrive();
  await lena.page.mouse.move(200, 200);
  await lena.page.mouse.wheel(0, 400);
  await lena.page.waitForLoadState('networkidle');
  expect(asked).toEqual([`/w/${server.siteKey}.js`]);
  const stored = await lena.page.evaluate(() => [Object.keys(localStorage), Object.keys(sessionStorage), document.cookie]);
  expect(stored).toEqual([[], [], '']);

  await lena.openChat();
  await expect(lena.form.heading).toBeVisible();
  expect(asked.filter((path) => path.startsWith('/w/api/')), 'opening makes no visitor on the server').toEqual([]);
});

test('the form is there before the client is, and what is written meanwhile counts', async ({ stage }) => {
  const lena = await stage.visitor();
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await lena.page.route(/\.wasm$/, async (route) => {
    await held;
    await route.continue();
  });
  await lena.arrive();
  await lena.openChat();
  await lena.form.question.fill('Written early');
  await lena.form.start.click();
  release();
  await expect(lena.said('Written early')).toBeVisible();
});

test('everything by keyboard: open, ask, write, close, and back to where one was', async ({ stage }) => {
  const lena = await stage.visitor({ name: 'Lena' });
  const keys = lena.page.keyboard;
  await lena.arrive();
  await lena.launcher.focus();
  await keys.press('Enter');
  await expect(lena.form.name).toBeFocused();
  await keys.type(lena.name);
  await keys.press('Tab');
  await keys.type(lena.email);
  await keys.press('Tab');
  await keys.type('By keyboard only?');
  await keys.press('Tab');
  await expect(lena.form.start).toBeFocused();
  await keys.press('Enter');
  await expect(lena.said('By keyboard only?')).toBeVisible();
  await expect(lena.composer).toBeFocused();
  await keys.type('Line one');
  await keys.press('Shift+Enter');
  await keys.type('line two');
  await keys.press('Enter');
  await lena.reads('By keyboard only?', GREETING, 'Line one line two');

  await test.step('the menu moves by arrows and closes by Escape', async () => {
    await lena.menuButton.focus();
    await keys.press('Enter');
    await expect(lena.panel.getByRole('menuitemcheckbox', { name: 'Larger text' })).toBeFocused();
    await keys.press('ArrowDown');
    await expect(lena.panel.getByRole('menuitemcheckbox', { name: 'Sound for new messages' })).toBeFocused();
    await keys.press('End');
    await expect(lena.panel.getByRole('menuitem', { name: 'Leave chat…' })).toBeFocused();
    await keys.press('Escape');
    await expect(lena.menuButton).toBeFocused();
    await expect(lena.panel.getByRole('menu')).toBeHidden();
  });

  await test.step('Escape closes the panel, and the launcher has the focus again', async () => {
    await keys.press('Escape');
    await expect(lena.launcher).toHaveAccessibleName('Open chat');
    await expect(lena.launcher).toBeFocused();
    await keys.press('Enter');
    await expect(lena.composer).toBeFocused();
  });

  await test.step('leaving, rating and resuming need no mouse either', async () => {
    await lena.menuButton.focus();
    await keys.press('Enter');
    await keys.press('End');
    await keys.press('Enter');
    await expect(lena.panel.getByRole('button', { name: 'Stay' })).toBeFocused();
    await keys.press('Escape');
    await expect(lena.panel.getByRole('button', { name: 'Stay' })).toBeHidden();
    await expect(lena.composer).toBeVisible();
  });
});

for (const [allows, scripts] of [
  ['the server’s origin', (dashboard: string) => dashboard],
  ['the snippet by a nonce', () => "'nonce-b2Fr'"],
  ['the snippet by a nonce, and what that fetches', () => "'nonce-b2Fr' 'strict-dynamic'"],
] as const) {
  test(`a strict policy of the host page that allows only ${allows} is enough`, async ({ stage, server }) => {
    const line = await stage.line();
    const lena = await stage.visitor({ line });
    const policy = `default-src 'none'; script-src ${scripts(server.dashboard)}; frame-src ${server.dashboard}; img-src data:; require-trusted-types-for 'script'`;
    const snippet = `<script async nonce="b2Fr" src="${server.dashboard}/w/${server.siteKey}.js"></script>`;
    const path = hostPage(line, server, { snippet, headers: { 'content-security-policy': policy } });
    await lena.arrive(path);
    await lena.openChat();
    await lena.ask('Does this hold?');
    await lena.say('It does.');
    await lena.reads('Does this hold?', GREETING, 'It does.');
  });
}

test('the page is painted as it would be without the launcher: nothing moves, and its largest paint is its own', async ({ stage }) => {
  const lena = await stage.visitor({ name: 'Lena' });
  await lena.page.addInitScript(() => {
    const seen = { moved: 0, largest: '' };
    Object.assign(window, { seen });
    new PerformanceObserver((list) => {
      for (const shift of list.getEntries()) seen.moved += (shift as PerformanceEntry & { value: number }).value;
    }).observe({ type: 'layout-shift', buffered: true });
    new PerformanceObserver((list) => {
      for (const paint of list.getEntries()) {
        const { element } = paint as PerformanceEntry & { element?: Element };
        seen.largest = element && document.body.contains(element) ? 'the page' : 'something else';
      }
    }).observe({ type: 'largest-contentful-paint', buffered: true });
  });
  await lena.arrive();
  const seen = () => lena.page.evaluate(() => (window as never as { seen: { moved: number; largest: string } }).seen);
  await expect.poll(async () => (await seen()).largest).toBe('the page');
  await lena.openChat();
  await expect(lena.form.heading).toBeVisible();
  await lena.closeChat();
  expect(await seen()).toEqual({ moved: 0, largest: 'the page' });
});

test('style sheets of a hostile host page do not reach the launcher or the panel', async ({ stage, server }) => {
  const line = await stage.line();
  const lena = await stage.visitor({ line });
  const head = `<style>
    * { display: none !important; all: unset !important; position: static !important; font-size: 40px !important; }
    html, head, body, main, h1, p { display: block !important; }
    body { transform: rotate(1deg) !important; }
    iframe, button, div { visibility: hidden !important; width: 10px !important; height: 10px !important; opacity: 0.1 !important; z-index: -1 !important }
  </style>`;
  const path = hostPage(line, server, { head, body: 'style="overflow: hidden; filter: blur(0)"' });
  await lena.arrive(path);
  const size = lena.page.viewportSize()!;
  const launcher = (await lena.launcher.boundingBox())!;
  expect([launcher.width, launcher.height]).toEqual([56, 56]);
  expect(launcher.x + launcher.width).toBeGreaterThan(size.width - 60);
  expect(launcher.y + launcher.height).toBeGreaterThan(size.height - 60);
  await lena.openChat();
  const frame = lena.page.locator('iframe[title="Chat"]');
  await expect(frame).toHaveCSS('opacity', '1');
  await expect(frame).toBeInViewport({ ratio: 1 });
  expect((await frame.boundingBox())!.width).toBe(384);
  await lena.ask('Can you see me?');
  await lena.reads('Can you see me?', GREETING);
});

test('who was writing when the chat ended finds the text again after resuming', async ({ stage }) => {
  const lena = await stage.visitor({ name: 'Lena' });
  const aki = await stage.staff('aki');
  await aki.go();
  await lena.begin('Are you open?');
  await aki.take(lena.name);
  await aki.say('Until six.');
  await lena.composer.pressSequentially('And on');
  await aki.end();
  await expect(lena.rating.group).toBeVisible();
  await expect(lena.composer).toBeHidden();
  await expect(lena.log, 'what is typed further gives no stars').toBeFocused();
  await expect(lena.panel.getByText('What you had begun to write is kept.')).toBeVisible();
  await lena.panel.getByRole('button', { name: 'Resume this chat' }).click();
  await expect(lena.composer).toHaveValue('And on');
  await expect(lena.composer).toBeFocused();
});

test('where sockets are blocked the chat works both ways over plain requests', async ({ stage, guard }) => {
  const line = await stage.line();
  line.socketsRefused = true;
  const lena = await stage.visitor({ name: 'Lena', line });
  guard.expect(NO_SERVER);
  const aki = await stage.staff('aki');
  await aki.go();
  await lena.begin('Is this an office?');
  await aki.take(lena.name);
  await expect(lena.log.getByText(`${aki.name} joined`)).toBeVisible({ timeout: 20_000 });
  await aki.composer.pressSequentially('It');
  await expect(lena.panel.getByRole('status').filter({ hasText: `${aki.name} is typing` })).toBeVisible();
  await aki.say('It is.');
  await expect(lena.said('It is.')).toBeVisible();
  await lena.say('I thought so.');
  await lena.say('One proxy too many.');
  await aki.reads('Is this an office?', GREETING, 'It is.', 'I thought so.', 'One proxy too many.');
  await lena.reads('Is this an office?', GREETING, 'It is.', 'I thought so.', 'One proxy too many.');
  await expect(lena.turn('One proxy too many.')).toContainText('Read');
  await expect(aki.delivery('It is.')).toHaveAccessibleName('Read');
  await aki.end();
  await expect(lena.rating.group).toBeVisible();
  await lena.rate(5, 'Even here.');
  await expect(lena.rating.thanks).toBeVisible();
});

test('in a private window, where the frame may store nothing, the host page keeps the chat', async ({ stage, server, privateBrowser }) => {
  const lena = await stage.visitor({ name: 'Lena', browser: privateBrowser });
  await lena.begin('Do you remember me?');
  const stored = lena.page.frames().find((frame) => frame.url().startsWith(server.dashboard))!.evaluate(() => {
    try {
      return localStorage.length;
    } catch {
      return 'refused';
    }
  });
  expect(await stored, 'this browser is the one that is meant').toBe('refused');
  await lena.say('I hope so.');
  await lena.reads('Do you remember me?', GREETING, 'I hope so.');
  await lena.page.reload();
  await lena.reads('Do you remember me?', GREETING, 'I hope so.');
});

test('where nothing at all may be stored, the chat works and says what follows from it', async ({ stage }) => {
  const lena = await stage.visitor({
    name: 'Lena',
    before: () => {
      const denied = { get: () => { throw new DOMException('Access is denied for this document.', 'SecurityError'); } };
      Object.defineProperty(window, 'localStorage', denied);
      Object.defineProperty(window, 'sessionStorage', denied);
    },
  });
  await lena.arrive();
  await lena.openChat();
  await expect(lena.panel.getByRole('alert').filter({ hasText: 'Your browser stores nothing for this page' })).toBeVisible();
  await lena.ask('Am I a stranger?');
  await lena.say('Still here.');
  await lena.reads('Am I a stranger?', GREETING, 'Still here.');
});

test('the page around opens, closes and listens', async ({ stage, server }) => {
  const line = await stage.line();
  const lena = await stage.visitor({ name: 'Lena', line });
  const aki = await stage.staff('aki');
  await aki.go();
  const snippet = `<script>
      window.Deskbell = window.Deskbell || function () { (Deskbell.q = Deskbell.q || []).push(arguments) };
      window.heard = [];
      for (const name of ['ready', 'opened', 'closed', 'message', 'chat started', 'chat ended'])
        Deskbell('on', name, (detail) => heard.push(detail ? name + ': ' + detail.text : name));
    </script><script async src="${server.dashboard}/w/${server.siteKey}.js"></script>`;
  const path = hostPage(line, server, { snippet });
  await lena.arrive(path);
  const call = (verb: string) => lena.page.evaluate((verb) => (window as never as { Deskbell: (verb: string) => void }).Deskbell(verb), verb);
  const heard = () => lena.page.evaluate(() => (window as never as { heard: string[] }).heard);
  await expect.poll(heard).toContain('ready');
  await call('open');
  await expect(lena.launcher).toHaveAccessibleName('Close chat');
  await call('close');
  await expect(lena.launcher).toHaveAccessibleName('Open chat');
  await call('toggle');
  await expect(lena.form.heading).toBeVisible();
  await lena.ask('Who hears this?');
  await aki.take(lena.name);
  await aki.say('Your page does.');
  await expect(lena.said('Your page does.')).toBeVisible();
  await aki.end();
  await expect(lena.rating.group).toBeVisible();
  await call('toggle');
  await expect.poll(async () => (await heard()).filter((name) => name !== 'ready')).toEqual([
    'opened', 'closed', 'opened', 'chat started', 'message: Your page does.', 'chat ended', 'closed',
  ]);
});

test('what is wrong in the page’s own code takes nothing else along', async ({ stage, server, guard }) => {
  guard.expect(/The page has trouble of its own|is not a function|unknown/);
  const line = await stage.line();
  const lena = await stage.visitor({ name: 'Lena', line });
  const snippet = `<script>
      window.Deskbell = function () { (Deskbell.q = Deskbell.q || []).push(arguments) };
      Deskbell('on', 'ready', () => { throw new Error('The page has trouble of its own.') });
      Deskbell();
      Deskbell('on');
      Deskbell('on', 'ready');
      Deskbell('on', 'opened', 'no function');
      Deskbell('attributes');
      Deskbell('identify');
      Deskbell('open');
    </script><script async src="${server.dashboard}/w/${server.siteKey}.js"></script>`;
  await lena.arrive(hostPage(line, server, { snippet }));
  await expect(lena.form.heading).toBeVisible();
  await lena.ask('Whose fault is it?');
  await lena.reads('Whose fault is it?', GREETING);
});

test('a page that closes or hides the panel has the focus back where it was', async ({ stage }) => {
  const lena = await stage.visitor({ name: 'Lena' });
  await lena.arrive();
  const call = (verb: string) => lena.page.evaluate((verb) => (window as never as { Deskbell: (verb: string) => void }).Deskbell(verb), verb);
  const cart = lena.page.getByRole('link', { name: /Cart/ });
  for (const verb of ['close', 'hide']) {
    await cart.focus();
    await call('open');
    await lena.form.question.focus();
    await call(verb);
    await expect(cart, verb).toBeFocused();
    await call('show');
    await call('close');
  }
  await lena.openChat();
  await lena.form.question.focus();
  await call('close');
  await expect(lena.launcher).toBeFocused();
});

test('where the line is slow the outline of the panel is there at once', async ({ stage }) => {
  const lena = await stage.visitor({ name: 'Lena', context: { reducedMotion: 'reduce' } });
  await lena.arrive();
  let go = () => {};
  const gone = new Promise<void>((done) => (go = done));
  await lena.page.route('**/w/launcher-panel.js*', async (route) => {
    await gone;
    await route.continue();
  });
  const outline = lena.page.locator('deskbell-chat div');
  await lena.launcher.click();
  await expect(outline).toBeVisible();
  await expect(lena.launcher).toHaveAccessibleName('Close chat');
  await lena.launcher.click();
  await expect(outline).toBeHidden();
  await lena.launcher.click();
  await lena.launcher.click();
  await lena.launcher.click();
  await expect(outline).toBeVisible();
  go();
  await expect(lena.form.name).toBeFocused();
  await expect(outline).toBeHidden();
});

test('the way to new messages lies over the conversation, never over what stands below', async ({ stage }) => {
  const lena = await stage.visitor({ name: 'Lena', context: { reducedMotion: 'reduce' } });
  const aki = await stage.staff('aki');
  await aki.go();
  await lena.begin('Where do I press?');
  await aki.take(lena.name);
  await expect(lena.log.getByText('joined')).toBeVisible();
  const long = 'A long answer. '.repeat(60);
  await aki.say(long);
  await expect(lena.said('A long answer.')).toBeVisible();
  await lena.log.evaluate((log) => (log.scrollTop = 0));
  await aki.say('And a short one.');
  const jump = lena.panel.getByRole('button', { name: 'New messages' });
  await expect(jump).toBeVisible();
  await aki.end();
  await lena.rating.group.getByRole('radio').nth(3).check();
  await lena.panel.getByRole('button', { name: 'Send rating' }).click();
  await expect(lena.rating.thanks).toBeVisible();
  await jump.click();
  await expect(lena.log.getByText(`${aki.name} ended the chat`)).toBeInViewport();
  const view = lena.panel.locator('#chat-view');
  expect(await view.evaluate((view) => view.scrollHeight - view.clientHeight), 'nothing lies beyond it').toBe(0);
});

test('on a phone the panel takes the screen, and its own button closes it', async ({ stage }) => {
  const lena = await stage.visitor({ context: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } });
  await lena.arrive();
  await lena.page.getByRole('button', { name: 'Open chat' }).tap();
  await expect(lena.form.heading).toBeVisible();
  const frame = lena.page.locator('iframe[title="Chat"]');
  await expect.poll(() => frame.boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 844 });
  await lena.ask('Too small?');
  await lena.panel.getByRole('button', { name: 'Close chat' }).tap();
  await expect(lena.launcher).toHaveAccessibleName('Open chat');
  await expect(frame).toBeHidden();
});

test('pages of a visitor without a reload reach the agent', async ({ stage }) => {
  const lena = await stage.visitor({ name: 'Lena' });
  const aki = await stage.staff('aki');
  await aki.go();
  await lena.begin('What about the lamp?');
  await aki.take(lena.name);
  await lena.page.evaluate(() => history.pushState({}, '', '/lamps?colour=red#top'));
  await expect(aki.customer.getByRole('listitem').filter({ hasText: '/lamps?colour=red' })).toHaveCount(1);
});

test('the page is told to the agent also where the host page answers later than the server', async ({ stage }) => {
  const lena = await stage.visitor({ name: 'Lena' });
  const aki = await stage.staff('aki');
  await aki.go();
  await lena.begin('Which lamp goes with it?');
  await aki.take(lena.name);
  const trail = aki.customer.getByRole('heading', { name: 'Pages' }).locator('xpath=..').getByRole('listitem');
  await expect(trail).toHaveCount(1);
  // What the frame asks of the page around waits until it is let go.
  await lena.page.addInitScript(() => {
    if (window !== window.top) return;
    const held: MessageEvent[] = [];
    let open = false;
    addEventListener(
      'message',
      (event) => {
        if (open) return;
        event.stopImmediatePropagation();
        held.push(event);
      },
      true,
    );
    Object.assign(window, {
      letGo: () => {
        open = true;
        for (const { data, origin, source } of held) dispatchEvent(new MessageEvent('message', { data, origin, source }));
      },
    });
  });
  await lena.arrive('/desk');
  await expect(lena.log.locator('.bubble').filter({ hasText: 'Which lamp goes with it?' })).toHaveCount(1);
  await aki.say('The brass one.');
  // The line stands.
  await expect(lena.log.locator('.bubble').filter({ hasText: 'The brass one.' })).toHaveCount(1);
  await lena.page.evaluate(() => (window as never as { letGo: () => void }).letGo());
  await expect(trail).toHaveCount(2);
  await expect(trail.first()).toContainText('/desk');
});

test('German browsers get German words', async ({ stage }) => {
  const lena = await stage.visitor({ context: { locale: 'de-DE' } });
  await lena.page.goto(lena.shop);
  const launcher = lena.page.getByRole('button', { name: /Chat öffnen/i });
  await launcher.click();
  await expect(lena.page.frameLocator('iframe').getByRole('button', { name: /Chat (beginnen|starten)/ })).toBeVisible();
});

test('the chat is saved as a text, in the language of the panel', async ({ stage, guard }) => {
  const lena = await stage.visitor({ name: 'Lena', context: { timezoneId: 'Europe/Vienna', locale: 'de' } });
  await lena.page.goto(lena.shop);
  await lena.page.locator('deskbell-chat').getByRole('button').click();
  await lena.panel.getByRole('textbox', { name: 'Name' }).fill('Lena');
  await lena.panel.getByRole('textbox', { name: 'Ihre Frage' }).fill('Gibt es das\nin Eiche?');
  await lena.panel.getByRole('button', { name: 'Chat starten' }).click();
  await expect(lena.panel.locator('.bubble').filter({ hasText: 'in Eiche?' })).toBeVisible();
  const menu = lena.panel.getByRole('button', { name: 'Weitere Optionen' });
  const save = lena.panel.getByRole('menuitem', { name: 'Chat als Text speichern' });
  await menu.click();
  const [file] = await Promise.all([lena.page.waitForEvent('download'), save.click()]);
  expect(file.suggestedFilename()).toBe('chat.txt');
  const text = await readFile(await file.path(), 'utf8');
  expect(text).toMatch(/^Oak & Co\. · Europe\/Vienna\n\n\d{4}-\d\d-\d\d\n\d\d:\d\d {2}Lena: Gibt es das\n {7}in Eiche\?\n/);
  expect(text).toContain(GREETING);

  // Without an answer it says so, and the chat stays.
  guard.expect(/net::ERR_|Failed to fetch/);
  await lena.page.route('**/w/api/transcript*', (route) => route.abort());
  await menu.click();
  await save.click();
  await expect(lena.panel.getByText('Der Chat konnte nicht gespeichert werden.')).toBeVisible();
});

test('the page around sets the language, hides the button, and forgets who was here', async ({ stage, server }) => {
  const lena = await stage.visitor({ name: 'Lena' });
  const aki = await stage.staff('aki');
  await aki.go();
  await lena.begin('Do you speak French?');
  await aki.take(lena.name);
  await lena.composer.fill('Half a sentence');
  const call = (...words: string[]) =>
    lena.page.evaluate((words) => (window as never as { Deskbell: (...words: string[]) => void }).Deskbell(...words), words);
  // While a chat runs: nothing of it is lost, and nothing is sent twice.
  await call('locale', 'fr-CH');
  await expect(lena.panel.locator('html')).toHaveAttribute('lang', 'fr');
  const french = lena.panel.getByRole('textbox', { name: 'Message' });
  await expect(french).toHaveValue('Half a sentence');
  await expect(lena.panel.locator('.bubble').filter({ hasText: 'Do you speak French?' })).toHaveCount(1);
  await expect(lena.page.getByRole('button', { name: 'Fermer le chat' })).toBeVisible();
  await aki.say('Oui.');
  await expect(lena.panel.locator('.bubble').filter({ hasText: 'Oui.' })).toHaveCount(1);
  await call('locale', 'en');
  await expect(lena.said('Oui.')).toHaveCount(1);
  await expect(lena.composer).toHaveValue('Half a sentence');

  await call('hide');
  await expect(lena.launcher).toBeHidden();
  await call('show');
  await expect(lena.launcher).toBeVisible();

  // Somebody else signs in to the page.
  await call('reset');
  await expect(lena.launcher).toHaveAccessibleName('Open chat');
  await lena.openChat();
  await expect(lena.form.question).toHaveValue('');
  await expect(lena.form.name).toHaveValue('');
  const kept = await lena.page.evaluate(() => Object.keys(localStorage).filter((name) => name.startsWith('deskbell')));
  expect(kept).toEqual([`deskbell:${server.siteKey}`]);
  await lena.page.reload();
  await lena.openChat();
  await expect(lena.form.heading).toBeVisible();
  await expect(lena.form.question).toHaveValue('');
});
