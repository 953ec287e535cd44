// When nobody is there, and what goes by e-mail: messages that are left, their answers, transcripts.

import { accessible } from './stage/axe.ts';
import { NO_SERVER, expect, test as base } from './stage/fixtures.ts';
import { refused } from './stage/guard.ts';
import { MailServer } from './stage/mail-server.ts';
import { Server } from './stage/server.ts';
import { setSite } from './stage/sites.ts';
import type { Visitor } from './stage/visitor.ts';

const test = base.extend<object, { mail: MailServer }>({
  mail: [
    async ({}, use) => {
      const mail = await MailServer.open();
      await use(mail);
      await mail.close();
    },
    { scope: 'worker' },
  ],
  server: [
    async ({ mail }, use) => {
      const server = await Server.start(mail.settings());
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
});

test.afterEach(async ({ server }) => {
  await setSite(server, { away: 'wait', mail_transcripts: false });
  await server.setQueue({ hours: null });
});

/** Open only on another day than those around now. */
function closed(): { zone: string; week: { from: number; to: number }[][] } {
  const week: { from: number; to: number }[][] = [[], [], [], [], [], [], []];
  week[(new Date().getUTCDay() + 2) % 7] = [{ from: 540, to: 600 }];
  return { zone: 'UTC', week };
}

/** Where a message is written that is left. */
const message = (visitor: Visitor) => visitor.panel.locator('form').getByRole('textbox', { name: 'Message', exact: true }).first();

async function leaveMessage(visitor: Visitor, text: string): Promise<void> {
  await visitor.form.name.fill(visitor.name);
  await visitor.form.email.fill(visitor.email);
  await message(visitor).fill(text);
  await visitor.sendButton.first().click();
  await expect(visitor.said(text)).toBeVisible();
}

test('a message that is left outside the hours is answered by e-mail, and in the widget too', async ({ stage, server, mail, guard }) => {
  guard.expect(refused(422));
  const ada = await stage.staff('admin');
  await ada.go('/settings/sites');
  await ada.page.getByRole('button', { name: 'Edit Oak & Co.' }).click();
  const form = ada.page.getByRole('form', { name: 'Site Oak & Co.' });
  await form.getByLabel('Visitors find').selectOption({ label: 'a form for a message, answered by e-mail' });
  const asked = form.getByRole('group', { name: 'With a message it asks' });
  const email = asked.getByRole('listitem').filter({ has: ada.page.getByText('E-mail', { exact: true }) });
  await email.getByRole('checkbox', { name: 'It has to be answered' }).uncheck();
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form.getByText('A message is answered by e-mail: ask for an e-mail address')).toBeVisible();
  await email.getByRole('checkbox', { name: 'It has to be answered' }).check();
  await accessible('the settings of a site with messages', ada.page);
  if (process.env.LOOK) await ada.page.screenshot({ path: `${process.env.LOOK}/set.png`, fullPage: true });
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form).toBeHidden();
  await server.setQueue({ hours: closed() });

  const lena = await stage.visitor({ name: 'Lena', context: { timezoneId: 'Europe/Vienna' } });
  await lena.arrive();
  await lena.openChat();
  await expect(lena.panel.getByRole('heading', { name: 'Leave us a message' })).toBeVisible();
  await expect(lena.panel.getByText(/^We are back: \w+day, \w+ \d+ at (10|11):00 AM$/), 'on her own clock').toBeVisible();
  await accessible('the form for a message', lena.page);
  if (process.env.LOOK) await lena.page.screenshot({ path: `${process.env.LOOK}/away.png` });
  // Nothing is lost, and what is missing is told at its place.
  await message(lena).fill('Do you have it in oak?');
  await lena.sendButton.first().click();
  await expect(lena.panel.getByText('Please fill this in.')).toBeVisible();
  await expect(lena.form.email).toBeFocused();
  await leaveMessage(lena, 'Do you have it in oak?');
  await expect(lena.panel.getByText('We will answer by e-mail. You can add to your message here.')).toBeVisible();

  // It does not ring, and waits for days.
  const aki = await stage.staff('aki');
  await aki.go();
  await server.advance(2 * 24 * 3600);
  await expect(aki.row(lena.name).getByText('left a message, answered by e-mail')).toBeAttached();
  await expect(aki.ring(lena.name)).toBeHidden();
  await aki.take(lena.name);
  await expect(aki.composer).toHaveAttribute('placeholder', 'Write an answer; it goes to the visitor by e-mail');
  await accessible('a message that was left', aki.page);
  if (process.env.LOOK) await aki.page.screenshot({ path: `${process.env.LOOK}/left.png` });
  const before = mail.posted.length;
  await aki.say('Yes,');
  await aki.say('in oak and in ash.');
  await expect(lena.said('in oak and in ash.'), 'whoever is still there reads it at once').toBeVisible();
  await server.advance(30);
  const letter = await mail.nth(before + 1);
  expect(letter.to).toBe(lena.email);
  expect(letter.subject).toBe('Oak & Co. has answered you');
  expect(letter.text).toContain('Yes,');
  expect(letter.text).toContain('in oak and in ash.');
  expect(letter.html).toContain('in oak and in ash.');
  await expect(aki.line(`The answer was sent to ${lena.email}`)).toBeVisible();
  expect(mail.posted.length, 'one letter for both').toBe(before + 1);

  // What she adds stands in the same record.
  await lena.say('Then I take two.');
  await expect(aki.said('Then I take two.')).toBeVisible();
  await aki.end();
  await expect(lena.rating.group).toBeVisible();
});

test('a site that takes no messages says when somebody is back', async ({ stage, server }) => {
  await setSite(server, { away: 'return' });
  // Whoever was here in another story has gone for good.
  await server.advance(60);
  const lena = await stage.visitor({ name: 'Lena' });
  await lena.arrive();
  await lena.openChat();
  await expect(lena.panel.getByRole('heading', { name: 'Nobody is here just now.' })).toBeVisible();
  await expect(message(lena), 'nothing is asked that nobody answers').toBeHidden();
  await accessible('nobody is there', lena.page);
  if (process.env.LOOK) await lena.page.screenshot({ path: `${process.env.LOOK}/nobody.png` });
  await lena.closeChat();

  await server.setQueue({ hours: closed() });
  await lena.arrive();
  await lena.openChat();
  await expect(lena.panel.getByText(/^We are back: /)).toBeVisible();

  // Within the hours and with somebody online it is a chat as always.
  await server.setQueue({ hours: null });
  const aki = await stage.staff('aki');
  await aki.go();
  await lena.begin('Is somebody there now?');
  await expect(aki.row(lena.name)).toBeVisible();
});

test('a site that wants no button while nobody is there has none, until somebody is back', async ({ stage, server }) => {
  await setSite(server, { away: 'hide' });
  await server.setQueue({ hours: closed() });
  const lena = await stage.visitor({ name: 'Lena' });
  await lena.page.clock.install();
  await lena.page.goto(lena.shop);
  const there = lena.page.locator('deskbell-chat');
  await expect(there).toBeAttached();
  await expect(lena.launcher).toBeHidden();
  await lena.page.clock.fastForward(72 * 3_600_000);
  await expect(lena.launcher, 'the page was left open').toBeVisible();

  // Who is in a chat keeps the button.
  await server.setQueue({ hours: null });
  const aki = await stage.staff('aki');
  await aki.go();
  const mo = await stage.visitor({ name: 'Mo' });
  await mo.begin('Until when are you there?');
  await server.setQueue({ hours: closed() });
  await mo.page.reload();
  await expect(mo.launcher).toBeVisible();
  await expect(mo.said('Until when are you there?')).toBeVisible();
});

test('whose address is known gets the chat by e-mail when it is over, in their language', async ({ stage, server, mail }) => {
  await setSite(server, { mail_transcripts: true });
  const aki = await stage.staff('aki');
  await aki.go();
  const lena = await stage.visitor({ name: 'Lena', context: { locale: 'de-AT' } });
  const caller = await stage.waiting(lena.name, 'Gibt es das in Eiche?', { email: lena.email });
  await aki.take(caller.name);
  await aki.say('Ja, <b>Eiche</b> & Esche.');
  const before = mail.posted.length;
  await aki.end();
  const letter = await mail.nth(before + 1);
  expect(letter.to).toBe(lena.email);
  expect(letter.subject).toContain('Oak & Co.');
  expect(letter.text).toContain('Gibt es das in Eiche?');
  expect(letter.text).toContain('Ja, <b>Eiche</b> & Esche.');
  expect(letter.html, 'text, whatever it looks like').toContain('Ja, &lt;b&gt;Eiche&lt;/b&gt; &amp; Esche.');
});

test('a letter waits for a mail server that is down and for our own that is killed, and comes once', async ({ stage, server, mail, guard }) => {
  await setSite(server, { mail_transcripts: true });
  const aki = await stage.staff('aki');
  await aki.go();
  const caller = await stage.waiting('Lena', 'Is anything lost?', { email: 'lena@example.org' });
  await aki.take(caller.name);
  await aki.say('Nothing is.');
  const before = mail.posted.length;
  mail.taking = false;
  const away = mail.sentAway;
  await aki.end();
  await expect.poll(() => mail.sentAway).toBeGreaterThan(away);
  guard.expect(NO_SERVER);
  await server.kill();
  mail.taking = true;
  await server.startAgain();
  await server.advance(3600);
  const letter = await mail.nth(before + 1);
  expect(letter.text).toContain('Nothing is.');
  await expect(aki.line('The transcript was sent to lena@example.org')).toBeVisible({ timeout: 30_000 });
  await server.advance(3600);
  const again = await stage.waiting('Lena', 'And now?', { email: 'lena@example.org' });
  await aki.tab('Incoming').click();
  await aki.take(again.name);
  await aki.say('Nor now.');
  await aki.end();
  // Letters go out in order: what comes next is not the first again.
  expect((await mail.nth(before + 2)).text).toContain('Nor now.');
});

test('a visitor has the chat sent, once there is an answer in it', async ({ stage, mail, guard }) => {
  const aki = await stage.staff('aki');
  await aki.go();
  const lena = await stage.visitor({ name: 'Lena' });
  await lena.begin('Do you have it in oak?');
  await lena.menuButton.click();
  await lena.panel.getByRole('menuitem', { name: 'Send chat by e-mail…' }).click();
  const dialog = lena.panel.getByRole('dialog', { name: 'Send chat by e-mail' });
  const to = dialog.getByRole('textbox', { name: 'E-mail' });
  await expect(to).toBeFocused();
  await expect(to, 'as it was given in the form').toHaveValue(lena.email);
  await accessible('where the chat is sent to', lena.page);
  if (process.env.LOOK) await lena.page.screenshot({ path: `${process.env.LOOK}/mail.png` });
  guard.expect(refused(409));
  await dialog.getByRole('button', { name: 'Send' }).click();
  await expect(to).toHaveAccessibleDescription('There is no answer in it to send yet.');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(lena.menuButton, 'back where it was opened from').toBeFocused();

  await aki.take(lena.name);
  await aki.say('Yes, in oak.');
  await expect(lena.said('Yes, in oak.')).toBeVisible();
  await lena.menuButton.click();
  await lena.panel.getByRole('menuitem', { name: 'Send chat by e-mail…' }).click();
  guard.expect(refused(422));
  await to.fill('lena at home');
  await to.press('Enter');
  await expect(to).toHaveAccessibleDescription('This address is not complete.');
  await to.fill('home@example.org');
  const before = mail.posted.length;
  await to.press('Enter');
  await expect(lena.panel.getByText('The chat is on its way to home@example.org.')).toBeVisible();
  const letter = await mail.nth(before + 1);
  expect(letter.to).toBe('home@example.org');
  expect(letter.text).toContain('Yes, in oak.');
  await expect(aki.line('The transcript was sent to home@example.org')).toBeVisible();
});

test('the link in an answer leads back into the conversation, in another browser', async ({ stage, server, mail, guard }) => {
  await setSite(server, { away: 'message' });
  await server.setQueue({ hours: closed() });
  const lena = await stage.visitor({ name: 'Lena' });
  await lena.arrive();
  await lena.openChat();
  await leaveMessage(lena, 'Do you have it in oak?');
  const aki = await stage.staff('aki');
  await aki.go();
  await aki.take(lena.name);
  await aki.say('Yes, in oak.');
  const before = mail.posted.length;
  await server.advance(30);
  const letter = await mail.nth(before + 1);
  const link = /(http\S+\/chat#\S+)/.exec(letter.text)?.[1] ?? '';
  expect(letter.html).toContain(link);
  await aki.end();

  const phone = await stage.page({ viewport: { width: 390, height: 844 } });
  guard.expect(refused(503));
  let tries = 0;
  await phone.route('**/w/api/return', (route) => (++tries > 1 ? route.continue() : route.fulfill({ status: 503 })));
  await phone.goto(link);
  await expect(phone.getByText('This could not be loaded.'), 'just starting anew').toBeVisible();
  await expect(phone, 'so that it can be tried again').toHaveURL(link);
  const log = phone.getByRole('log', { name: 'Conversation' });
  await expect(log.locator('.bubble')).toHaveText(['Do you have it in oak?', 'Yes, in oak.']);
  await expect(phone).toHaveURL(/\/panel#out$/);
  await accessible('a conversation by its link', phone);
  if (process.env.LOOK) await phone.screenshot({ path: `${process.env.LOOK}/link.png` });
  await phone.getByRole('button', { name: 'Resume this chat' }).click();
  const composer = phone.getByRole('textbox', { name: 'Message', exact: true });
  await composer.fill('Then I take two.');
  await composer.press('Enter');
  await aki.tab('Incoming').click();
  await aki.open(lena.name);
  await expect(aki.page.getByText('Then I take two.').last(), 'the same record').toBeVisible();
  await phone.reload();
  await expect(log.locator('.bubble').last()).toHaveText('Then I take two.');

  const wrong = await stage.page();
  guard.expect(refused(404));
  await wrong.goto(link.replace(/#.*/, '#nothing'));
  await expect(wrong.getByText('This link leads nowhere any more. It holds for 30 days.')).toBeVisible();
});

test('a visitor gets a copy of their data, and has everything erased, by codes from their e-mail', async ({ stage, mail, guard }) => {
  const lena = await stage.visitor({ name: 'Lena' });
  await lena.begin('My cellar is full of secrets');
  const ask = async (what: string) => {
    await lena.menuButton.click();
    await lena.panel.getByRole('menuitem', { name: 'My data…' }).click();
    if (process.env.LOOK) await lena.page.screenshot({ path: `${process.env.LOOK}/ask.png` });
    await lena.panel.getByRole('dialog', { name: 'My data' }).getByRole('button', { name: what }).click();
  };
  const dialog = lena.panel.getByRole('dialog', { name: 'My data' });
  const code = dialog.getByRole('textbox', { name: /^Code from the e-mail to l•••@example.org$/ });
  const sent = async (before: number) => /\b[a-z2-8]{4}-[a-z2-8]{4}\b/.exec((await mail.nth(before + 1)).text)?.[0] ?? '';

  let before = mail.posted.length;
  await ask('Get a copy of my data');
  await expect(code).toBeFocused();
  await accessible('the code for a copy', lena.page);
  if (process.env.LOOK) await lena.page.screenshot({ path: `${process.env.LOOK}/data.png` });
  guard.expect(refused(422));
  await code.fill('12');
  await code.press('Enter');
  await expect(code).toHaveAccessibleDescription('This code is not right, or too old.');
  await code.fill(await sent(before));
  const [download] = await Promise.all([lena.page.waitForEvent('download'), code.press('Enter')]);
  expect(download.suggestedFilename()).toBe('my-data.json');
  const stream = await download.createReadStream();
  let copy = '';
  for await (const part of stream) copy += part;
  expect(copy).toContain('My cellar is full of secrets');

  const aki = await stage.staff('aki');
  await aki.go();
  await expect(aki.row(lena.name)).toBeVisible();
  before = mail.posted.length;
  await ask('Erase my data');
  await expect(dialog.getByText('Your chats, files and details are erased here for good.')).toBeVisible();
  await code.fill(await sent(before));
  await code.press('Enter');
  await expect(lena.form.heading, 'nobody knows her any more').toBeVisible();
  await expect(lena.form.name).toHaveValue('');
  await expect(aki.row(lena.name)).toBeHidden();
  await aki.go('/inbox/recent');
  await expect(aki.row(lena.name)).toBeHidden();
});
