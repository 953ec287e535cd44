// Every screen and state once, for whoever wants to look: axe, or the camera.

import type { Page } from '@playwright/test';
import { NO_SERVER, expect, refused, type Stage } from './fixtures.ts';
import type { Server } from './server.ts';

/** Looks at what this page shows now. */
export type Look = (name: string, page: Page) => Promise<void>;

/** Movement would be caught half-way. */
const STILL = { reducedMotion: 'reduce' } as const;

export async function widgetTour(stage: Stage, look: Look): Promise<void> {
  const line = await stage.line();
  const lena = await stage.visitor({ name: 'Lena Sommer', line, context: STILL });
  const aki = await stage.staff('aki', STILL);
  await aki.go();
  await lena.arrive();
  await look('widget-closed', lena.page);
  await lena.openChat();
  await expect(lena.form.heading).toBeVisible();
  await look('widget-form', lena.page);
  await lena.form.email.fill('lena.s@');
  await lena.form.start.click();
  await expect(lena.panel.getByText('Please write your question.')).toBeVisible();
  await look('widget-form-wrong', lena.page);

  await lena.ask('Hello! Is the oak desk still in stock, and could you send it to Lisbon before Friday?');
  await expect(lena.panel.getByText('You are next.')).toBeVisible();
  await look('widget-waiting', lena.page);

  await aki.take(lena.name);
  await aki.say('Good afternoon, Lena. There are three left, and Friday is fine.');
  await aki.say('Here it is: https://oak.example/desk?wood=oak');
  await lena.say('Wonderful 🎉');
  await lena.say('Two more things:\n– can the legs come off?\n– do you take the old one back?');
  await expect(lena.turn('can the legs')).toContainText('Read');
  await aki.composer.pressSequentially('Yes');
  await expect(lena.panel.getByRole('status').filter({ hasText: 'is typing' })).toBeVisible();
  await look('widget-talking', lena.page);
  await aki.say('Yes to both.');
  await lena.menuButton.click();
  await expect(lena.panel.getByRole('menu')).toBeVisible();
  await look('widget-menu', lena.page);
  await lena.panel.getByRole('menuitem', { name: 'Leave chat…' }).click();
  await expect(lena.panel.getByRole('button', { name: 'Stay' })).toBeVisible();
  await look('widget-leave', lena.page);
  await lena.panel.getByRole('button', { name: 'Stay' }).click();

  stage.guard.expect(NO_SERVER);
  line.cut(/\/w\/api\//);
  await expect(lena.panel.getByText('No connection.')).toBeVisible();
  await lena.say('Then I take it.');
  await expect(lena.turn('Then I take it.')).toContainText('Waiting to send');
  await look('widget-offline', lena.page);
}

export async function widgetEndTour(stage: Stage, look: Look): Promise<void> {
  const lena = await stage.visitor({ name: 'Lena Sommer', context: STILL });
  const aki = await stage.staff('aki', STILL);
  await aki.go();
  await lena.begin('Hello! Is the oak desk still in stock, and could you send it to Lisbon before Friday?');
  await aki.take(lena.name);
  await aki.say('Good afternoon, Lena. There are three left, and Friday is fine.');
  await lena.say('Then I take it.');
  await expect(lena.turn('Then I take it.')).toContainText('Read');
  await lena.closeChat();
  await aki.say('It is on its way.');
  await expect(lena.launcher).toHaveAccessibleName(/unread/);
  await look('widget-unread', lena.page);
  await lena.openChat();
  await aki.end();
  await expect(lena.rating.group).toBeVisible();
  await look('widget-ended', lena.page);
  await lena.stars(4).focus();
  await lena.stars(4).press('Space');
  await lena.rating.words.fill('Quick and kind.');
  await look('widget-rating', lena.page);
  await lena.rating.send.click();
  await expect(lena.rating.thanks).toBeVisible();
  await look('widget-rated', lena.page);
  await lena.panel.getByRole('button', { name: 'New chat' }).click();
  await expect(lena.panel.getByRole('button', { name: 'Back to the last chat' })).toBeVisible();
  await look('widget-new-chat', lena.page);
}

/** What comes when it is used: the menu, emoji, earlier chats, the window. */
export async function widgetRareTour(stage: Stage, look: Look): Promise<void> {
  const lena = await stage.visitor({ name: 'Lena Sommer', context: STILL });
  const aki = await stage.staff('aki', STILL);
  const menuitem = (name: string) => lena.panel.getByRole('menuitem', { name });
  await aki.go();
  await lena.begin('Hello! Is the oak desk still in stock, and could you send it to Lisbon before Friday?');
  await aki.take(lena.name);
  await aki.say('Good afternoon, Lena. There are three left, and Friday is fine.');
  await lena.say('Then I take it.');
  await expect(aki.said('Then I take it.').last()).toBeVisible();
  await aki.end();
  await lena.rate(5, 'Quick and kind.');
  await expect(lena.rating.thanks).toBeVisible();
  await lena.panel.getByRole('button', { name: 'New chat' }).click();
  await lena.ask('Do you have the lamp in green?');
  await lena.leave();
  await lena.panel.getByRole('button', { name: 'New chat' }).click();
  await lena.ask('It is me again: the desk has come, and it stands very well.');

  await lena.menuButton.click();
  await expect(menuitem('Earlier chats')).toBeVisible();
  await look('widget-menu-whole', lena.page);
  await menuitem('Earlier chats').click();
  await expect(lena.panel.getByRole('listitem').filter({ hasText: 'the lamp' })).toBeVisible();
  await look('widget-earlier', lena.page);
  await lena.panel.getByRole('listitem').filter({ hasText: 'the oak desk' }).getByRole('button').click();
  await expect(lena.panel.locator('#earlier').getByText('Then I take it.')).toBeVisible();
  await look('widget-earlier-chat', lena.page);
  await lena.panel.getByRole('button', { name: 'Close', exact: true }).click();
  await lena.composer.fill('The desk is');
  await lena.panel.getByRole('button', { name: 'Emoji', exact: true }).click();
  await lena.panel.getByRole('option', { name: 'party popper' }).click();
  await lena.panel.getByRole('button', { name: 'Emoji', exact: true }).click();
  await expect(lena.panel.getByRole('option', { name: 'party popper' }).first()).toBeFocused();
  await look('widget-emoji', lena.page);
  await lena.page.keyboard.press('Escape');
  await lena.menuButton.click();
  const coming = lena.page.waitForEvent('popup');
  await menuitem('Open in its own window').click();
  const out = await coming;
  await expect(out.locator('.bubble').filter({ hasText: 'stands very well' })).toBeVisible();
  await look('widget-window', out);
  await out.close();
}

/** The panel where nothing may be stored. */
export async function unkeptTour(stage: Stage, look: Look): Promise<void> {
  const lena = await stage.visitor({
    context: STILL,
    before: () => Object.defineProperty(window, 'localStorage', { get: () => { throw new DOMException('', 'SecurityError'); } }),
  });
  await lena.arrive();
  await lena.openChat();
  await expect(lena.panel.getByText('Your browser stores nothing')).toBeVisible();
  await look('widget-unkept', lena.page);
}

export async function doorsTour(stage: Stage, emptyServer: Server, look: Look): Promise<void> {
  const { dashboard } = stage.server;
  const page = await stage.page(STILL);
  await page.goto(`${dashboard}/sign-in`);
  await look('sign-in', page);
  stage.guard.expect(refused(401, 403, 404, 422));
  await page.getByLabel('E-mail').fill('aki@demo.example');
  await page.getByLabel('Password').fill('not this one');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await look('sign-in-wrong', page);
  await page.goto(`${dashboard}/no/such/page`);
  await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible();
  await look('not-found', page);

  await page.goto(emptyServer.setup);
  await expect(page.getByRole('heading', { name: 'Welcome to Deskbell' })).toBeVisible();
  await look('setup', page);
  await page.getByLabel('Name').fill('Ada');
  await page.getByLabel('E-mail').fill('ada@nowhere');
  await page.getByLabel('Password').fill('short');
  await page.getByRole('button', { name: 'Create the account' }).click();
  await expect(page.getByRole('alert').first()).toBeVisible();
  await look('setup-wrong', page);
}

export async function inboxTour(stage: Stage, look: Look): Promise<void> {
  const aki = await stage.staff('aki', STILL);
  await aki.go();
  await expect(aki.page.getByRole('heading', { name: 'Nobody is waiting' })).toBeVisible();
  await look('inbox-empty', aki.page);
  await aki.tab('Active').click();
  await expect(aki.page.getByRole('heading', { name: 'No active chats' })).toBeVisible();
  await look('active-empty', aki.page);

  const lena = await stage.visitor({ name: 'Lena Sommer', context: STILL });
  await lena.begin('Hello! Is the oak desk still in stock, and could you send it to Lisbon before Friday?');
  const tom = await stage.waiting('Tom Berg', 'My order came without screws. What now?');
  await stage.waiting('Noor Haddad', 'Do you have the lamp in green?', { email: 'noor@example.org' });
  const iris = await stage.waiting('Iris Lund', 'Can I change the address of my order? It was placed an hour ago and has not been sent.');
  await aki.tab('Incoming').click();
  await expect(aki.row(iris.name)).toBeVisible();
  await look('incoming', aki.page);
  await aki.row(tom.name).hover();
  await expect(aki.row(tom.name).getByRole('button', { name: 'Pick' })).toBeVisible();
  await look('incoming-hover', aki.page);
  await aki.open(lena.name);
  await expect(aki.page.getByRole('main').getByRole('button', { name: 'Respond' })).toBeVisible();
  await look('preview', aki.page);

  await aki.page.getByRole('main').getByRole('button', { name: 'Respond' }).click();
  await expect(aki.composer).toBeFocused();
  await aki.say('Good afternoon, Lena. There are three left, and Friday is fine.');
  await aki.say('Here it is: https://oak.example/desk?wood=oak');
  await lena.say('Wonderful 🎉');
  await lena.say('Two more things:\n– can the legs come off?\n– do you take the old one back?');
  await expect(aki.said('do you take the old one back?')).toBeVisible();
  await lena.composer.pressSequentially('And');
  await expect(aki.page.getByText('is typing')).toBeVisible();
  await aki.composer.fill('Yes to both. I have');
  await expect(aki.status('Draft saved')).toBeVisible();
  await look('conversation', aki.page);
  await aki.composer.fill('');
  await aki.tab('Incoming').click();
  await aki.take(tom.name);
  await aki.tab('Active').click();
  await lena.say('Still there?');
  await expect(aki.row(lena.name)).toContainText('unread');
  await look('active-unread', aki.page);
  await aki.open(lena.name);

  await aki.page.getByRole('button', { name: 'Online', exact: true }).click();
  await expect(aki.page.getByRole('menuitemradio', { name: /^Away/ })).toBeVisible();
  await look('availability', aki.page);
  await aki.page.keyboard.press('Escape');
  await aki.page.getByRole('button', { name: /^Account of/ }).click();
  await expect(aki.page.getByRole('button', { name: 'Sign out' })).toBeVisible();
  await look('account', aki.page);

  const sam = await stage.staff('supervisor', STILL);
  await sam.go();
  await expect(sam.row(iris.name)).toBeVisible();
  await look('supervisor-inbox', sam.page);
}

export async function endingsTour(stage: Stage, look: Look): Promise<void> {
  const line = await stage.line();
  const aki = await stage.staff('aki', { ...STILL, proxy: line.proxy });
  await aki.go();
  const lena = await stage.visitor({ name: 'Lena Sommer', context: STILL });
  await lena.begin('Hello! Is the oak desk still in stock, and could you send it to Lisbon before Friday?');
  await aki.take(lena.name);
  await aki.say('Good afternoon, Lena. There are three left, and Friday is fine.');
  await lena.say('Wonderful 🎉');
  // She may have been here before: then that stands above.
  await expect(aki.said('Wonderful').last()).toBeVisible();

  stage.guard.expect(NO_SERVER);
  line.cut();
  await expect(aki.status('Connection lost')).toBeVisible();
  await aki.say('Sent without a line');
  await expect(aki.delivery('Sent without a line')).toHaveAccessibleName('Sending');
  await look('connection-lost', aki.page);
  line.mend();
  await expect(aki.status('Caught up')).toBeVisible({ timeout: 30_000 });

  await aki.endButton.click();
  await expect(aki.page.getByRole('alertdialog')).toBeVisible();
  await look('end-asked', aki.page);
  await aki.page.getByRole('alertdialog').getByRole('button', { name: 'End chat' }).click();
  await expect(aki.page.getByText('This chat has ended')).toBeVisible();
  await expect(lena.rating.group).toBeVisible();
  await lena.rate(4, 'Quick and kind, and the desk came on Friday.');
  await expect(lena.rating.thanks).toBeVisible();
  await expect(aki.log.getByText('gave 4 stars')).toBeVisible();
  await look('ended', aki.page);
  await aki.tab('Recent').click();
  await expect(aki.row(lena.name).getByRole('img', { name: '4 of 5 stars' }).first()).toBeVisible();
  await look('recent', aki.page);

  const sam = await stage.staff('supervisor', STILL);
  await sam.go('/resolved');
  const ended = sam.page.getByRole('row').filter({ hasText: 'the desk came on Friday' });
  await expect(ended).toBeVisible();
  await look('resolved', sam.page);
  await ended.getByRole('link').click();
  await expect(sam.said('Wonderful').last()).toBeVisible();
  await look('resolved-chat', sam.page);
  await sam.go('/resolved?text=nobody+at+all');
  await expect(sam.page.getByRole('heading', { name: 'Nothing matches' })).toBeVisible();
  await look('resolved-nothing', sam.page);

  await lena.panel.getByRole('button', { name: 'New chat' }).click();
  await lena.ask('It is me again: the desk has come, and it stands very well.');
  const jo = await stage.staff('jo', STILL);
  await jo.go();
  await jo.take(lena.name);
  await jo.say('That is good to hear!');
  const above = jo.page.getByRole('region', { name: 'Earlier chat' }).last();
  await expect(above.locator('.dk-bubble').filter({ hasText: 'Wonderful' })).toBeVisible();
  await above.getByText('gave 4 stars').scrollIntoViewIfNeeded();
  await look('earlier-above', jo.page);
}

/** What agents write with, and where it is set. */
export async function composerTour(stage: Stage, look: Look): Promise<void> {
  const ada = await stage.staff('admin', STILL);
  await ada.go('/settings');
  await expect(ada.page.getByRole('heading', { name: 'Profile' })).toBeVisible();
  await look('settings-profile', ada.page);
  await ada.go('/settings/macros');
  await ada.page.getByRole('button', { name: 'New macro' }).click();
  await ada.page.getByLabel('Title').fill(stage.named('Greeting'));
  await ada.page.getByLabel('Text').fill('Hello {{visitor.first_name}}, this is {{agent.first_name}} of {{site.name}}.');
  await look('settings-macro-form', ada.page);
  await ada.page.getByRole('button', { name: 'Save' }).click();
  await expect(ada.page.getByRole('heading', { name: stage.named('Greeting'), exact: true })).toBeVisible();
  await look('settings-macros', ada.page);
  await ada.go('/settings/guard');
  await ada.page.getByRole('button', { name: 'New rule' }).click();
  const name = stage.named('Card numbers');
  await ada.page.getByLabel('Name').fill(name);
  await ada.page.getByLabel('Reason').fill('Card numbers are not written in chats. Send the payment link instead.');
  await ada.page.getByLabel('Try it').fill('Please pay with 4111 1111 1111 1111 today');
  await ada.page.getByRole('button', { name: 'Look for it' }).click();
  await expect(ada.page.getByText('Found once:')).toBeVisible();
  await look('settings-guard-form', ada.page);
  await ada.page.getByRole('button', { name: 'Save' }).click();
  await expect(ada.page.getByRole('heading', { name })).toBeVisible();
  await look('settings-guard', ada.page);
  await ada.page.getByRole('link', { name: 'Clean up input' }).click();
  await expect(ada.page.getByLabel('Tags removed with everything in them')).toBeVisible();
  await look('settings-clean-up', ada.page);

  const aki = await stage.staff('aki', STILL);
  const tom = await stage.waiting('Tom Berg', 'My order came without screws. What now?');
  await aki.go('/settings/my-macros');
  await expect(aki.page.getByRole('heading', { name: 'My macros' })).toBeVisible();
  await look('settings-my-macros', aki.page);
  await aki.inboxLink.click();
  await aki.take(tom.name);
  await aki.composer.pressSequentially('/');
  await expect(aki.page.getByRole('listbox').getByRole('option').first()).toBeVisible();
  await look('composer-macros', aki.page);
  await aki.composer.fill('Your card 4111 1111 1111 1111?');
  await aki.composer.press('Enter');
  await expect(aki.page.getByRole('alertdialog')).toBeVisible();
  await look('composer-guarded', aki.page);
  await aki.page.keyboard.press('Escape');
  await aki.page.getByRole('button', { name: 'Reply templates' }).click();
  await expect(aki.page.getByRole('listbox').getByRole('option').first()).toBeVisible();
  await look('composer-templates', aki.page);
  await aki.page.keyboard.press('Escape');
  await aki.page.getByRole('button', { name: 'Emoji' }).click();
  await expect(aki.page.getByRole('listbox').getByRole('option').first()).toBeVisible();
  await look('composer-emoji', aki.page);
  await aki.page.keyboard.press('Escape');
  await ada.page.getByRole('link', { name: 'Guarded words' }).click();
  await ada.page.getByRole('button', { name: `Delete ${name}` }).click();
  await expect(ada.page.getByRole('alertdialog')).toBeVisible();
  await look('settings-delete', ada.page);
  await ada.page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(ada.page.getByRole('heading', { name })).toBeHidden();
}

/** How chats find their agent, and when. */
export async function queuesTour(stage: Stage, look: Look): Promise<void> {
  const ada = await stage.staff('admin', STILL);
  const edit = ada.page.getByRole('button', { name: 'Edit Sales' });
  await ada.go('/settings/queues');
  await expect(edit).toBeVisible();
  await look('settings-queues', ada.page);
  await edit.click();
  await expect(ada.page.getByRole('radio', { name: 'Pick' })).toBeChecked();
  await look('settings-queue-form', ada.page);
  await ada.page.getByRole('group', { name: 'Members' }).scrollIntoViewIfNeeded();
  await look('settings-queue-form-end', ada.page);
  await ada.go('/settings/hours');
  await edit.click();
  await ada.page.getByLabel('Open at set hours').check();
  await ada.page.getByLabel('Time zone').fill('Europe/Berlin');
  await ada.page.getByRole('button', { name: 'Add an opening to Monday' }).click();
  await ada.page.getByRole('button', { name: 'Add a day' }).click();
  await expect(ada.page.getByLabel('Date', { exact: true })).toBeVisible();
  await ada.page.getByRole('button', { name: 'Save' }).click();
  await expect(ada.page.getByText('This is needed.')).toBeVisible();
  await look('settings-hours-form', ada.page);
  // On another page: what is typed on this one is not saved, and it would not be left without asking.
  const other = await stage.staff('admin', STILL);
  await other.go('/settings/limits');
  await expect(other.page.getByRole('spinbutton').first()).toBeVisible();
  await look('settings-limits', other.page);
  await other.go('/settings/responses');
  await other.page.getByRole('button', { name: 'Edit Sales' }).click();
  await other.page.getByLabel('Close chats whose visitor does not answer').check();
  await look('settings-responses-form', other.page);
}

/** What the keyboard opens. */
export async function keysTour(stage: Stage, look: Look): Promise<void> {
  const aki = await stage.staff('aki', STILL);
  const lena = await stage.waiting('Lena Sommer', 'Hello! Is the oak desk still in stock, and could you send it to Lisbon before Friday?');
  await stage.waiting('Noor Haddad', 'Do you have the lamp in green?', { email: 'noor@example.org' });
  await aki.go();
  await aki.take(lena.name);
  await aki.say('Good afternoon, Lena. There are three left, and Friday is fine.');
  await aki.page.keyboard.press('Control+k');
  await expect(aki.page.getByRole('listbox').getByRole('option').first()).toBeVisible();
  await look('palette', aki.page);
  await aki.page.keyboard.type('le');
  await expect(aki.page.getByRole('option', { name: /^Lena Sommer Active/ })).toBeVisible();
  await look('palette-typed', aki.page);
  await aki.page.keyboard.press('Escape');
  await aki.page.getByRole('button', { name: 'Chat menu' }).click();
  await look('chat-menu', aki.page);
  await aki.page.keyboard.press('Escape');
  await aki.tab('Active').focus();
  await aki.page.keyboard.press('?');
  await expect(aki.dialog('Keyboard shortcuts')).toBeVisible();
  await look('keys', aki.page);
  await aki.page.keyboard.press('Escape');

  // The same chat in the corner of another page.
  await aki.page.getByRole('link', { name: 'Settings' }).click();
  const chip = aki.page.getByRole('button', { name: /^Chat with Lena/ });
  await lena.say('And the lamp?');
  await expect(chip).toHaveAccessibleName(/1 unread/);
  await look('dock', aki.page);
  await chip.click();
  await expect(aki.said('And the lamp?')).toBeVisible();
  await aki.composer.fill('The lamp is');
  await look('mini-chat', aki.page);
  await aki.composer.fill('/');
  await expect(aki.page.getByRole('listbox').getByRole('option').first()).toBeVisible();
  await look('mini-macros', aki.page);
}
