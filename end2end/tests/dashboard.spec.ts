import { expect, refused, test } from './stage/fixtures.ts';
import { GREETING } from './stage/visitor.ts';

test('everything by keyboard: read a waiting chat, respond, write, end', async ({ stage }) => {
  const aki = await stage.staff('aki');
  const chat = await stage.waiting('Kim', 'Do you answer without a mouse?');
  await aki.go();
  const keys = aki.page.keyboard;
  const reach = async (target: ReturnType<typeof aki.page.locator>) => {
    for (let n = 0; n < 40; n += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await keys.press('Tab');
    }
    await expect(target, 'reached by Tab').toBeFocused();
  };
  await expect(aki.row(chat.name)).toBeVisible();
  await keys.press('Tab');
  await expect(aki.page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
  await reach(aki.row(chat.name).getByRole('link'));
  await keys.press('Enter');
  await expect(aki.said('Do you answer without a mouse?')).toBeVisible();
  const respond = aki.page.getByRole('main').getByRole('button', { name: 'Respond' });
  await reach(respond);
  await keys.press('Enter');
  await expect(aki.composer).toBeFocused();
  await keys.type('We do.');
  await keys.press('Shift+Enter');
  await keys.type('Always.');
  await keys.press('Enter');
  await aki.reads('Do you answer without a mouse?', GREETING, 'We do. Always.');
  await keys.press('Shift+Tab');
  await aki.endButton.focus();
  await keys.press('Enter');
  await expect(aki.page.getByRole('button', { name: 'Keep it open' })).toBeFocused();
  await keys.press('Escape');
  await expect(aki.endButton).toBeFocused();
  await keys.press('Enter');
  await expect(aki.page.getByRole('button', { name: 'Keep it open' })).toBeFocused();
  await keys.press('Tab');
  await keys.press('Enter');
  await expect(aki.page.getByText('This chat has ended: handled by an agent.')).toBeVisible();
});

test('on a phone there is one column at a time, with a way back', async ({ stage }) => {
  const aki = await stage.staff('aki', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const chat = await stage.waiting('Kim', 'Is it a small screen?');
  await aki.go();
  await expect(aki.row(chat.name)).toBeVisible();
  // The middle column is there for screen readers only.
  await expect.poll(async () => (await aki.page.getByRole('main').boundingBox())?.width).toBe(1);
  await aki.row(chat.name).getByRole('link').tap();
  await expect(aki.said('Is it a small screen?')).toBeVisible();
  await expect(aki.row(chat.name)).toBeHidden();
  await aki.page.getByRole('main').getByRole('button', { name: 'Respond' }).tap();
  await expect(aki.composer).toBeVisible();
  await aki.say('It is.');
  await aki.page.getByRole('button', { name: 'Customer panel' }).tap();
  await expect(aki.customer).toBeVisible();
  await expect(aki.customer).toContainText('First chat');
  await aki.page.getByRole('button', { name: 'Close customer panel' }).tap();
  await expect(aki.customer).toBeHidden();
  const wide = await aki.page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide, 'nothing sticks out').toBe(390);
  await aki.page.getByRole('link', { name: 'Back to the list' }).tap();
  await expect(aki.row(chat.name)).toBeVisible();
  await expect(aki.composer).toBeHidden();
});

test('the question whether to end a chat stays while words come in', async ({ stage }) => {
  const aki = await stage.staff('aki');
  const chat = await stage.waiting('Kim', 'Anyone?');
  await aki.go();
  await aki.take(chat.name);
  await aki.endButton.click();
  const keep = aki.page.getByRole('alertdialog', { name: 'End this chat?' }).getByRole('button', { name: 'Keep it open' });
  await expect(keep).toBeFocused();
  await chat.say('One more thing!');
  await expect(aki.said('One more thing!')).toBeVisible();
  await expect(aki.row(chat.name)).toContainText('One more thing!');
  await expect(keep).toBeFocused();
  await keep.click();
  await expect(aki.composer).toBeVisible();
});

test('an admin sees every chat and takes none', async ({ stage, server, guard }) => {
  guard.expect(refused(403));
  const ada = await stage.staff('admin');
  const chat = await stage.waiting('Kim', 'Who can take me?');
  await ada.go();
  await ada.row(chat.name).hover();
  await expect(ada.page.getByRole('button', { name: /^(Respond|Pick)$/ })).toHaveCount(0);
  await ada.open(chat.name);
  await expect(ada.said('Who can take me?')).toBeVisible();
  await expect(ada.page.getByText('Taking it needs the agent role in its queue.')).toBeVisible();
  await expect(ada.page.getByRole('button', { name: /^(Respond|Pick)$/ })).toHaveCount(0);
  await expect(ada.composer).toBeHidden();
  await expect(ada.takeOldest).toBeHidden();
  const forced = await ada.page.evaluate(
    async (session) =>
      (await fetch('/api/claim', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ client_id: crypto.randomUUID(), session }),
      })).status,
    chat.session,
  );
  expect(forced).toBe(403);

  const aki = await stage.staff('aki');
  await aki.go();
  await aki.take(chat.name);
  await aki.say('I can.');
  await expect(ada.said('I can.')).toBeVisible();
  await expect(ada.page.getByText(`${server.account('aki').name} has this chat. You are reading along.`)).toBeVisible();
});

test('an agent has no list of resolved chats', async ({ stage, guard }) => {
  guard.expect(refused(403));
  const aki = await stage.staff('aki');
  await aki.go();
  await expect(aki.resolvedLink).toBeHidden();
  await aki.go('/resolved');
  await expect(aki.page.getByText('This list is for supervisors and admins.')).toBeVisible();
});

test('the numbers on the rail are those of the role', async ({ stage }) => {
  const [aki, sam, ada] = await Promise.all([stage.staff('aki'), stage.staff('supervisor'), stage.staff('admin')]);
  await Promise.all([aki.go(), sam.go(), ada.go()]);
  await expect(aki.takeOldest).toBeHidden();
  const first = await stage.waiting('First', 'One?');
  const second = await stage.waiting('Second', 'Two?');

  await expect(aki.takeOldest).toHaveAccessibleName('2 new unassigned chats, take the oldest');
  await expect(aki.inboxLink).toHaveAccessibleName('Inbox');
  for (const overseer of [sam, ada]) {
    await expect(overseer.inboxLink).toHaveAccessibleName('Inbox, 2 chats want attention');
    await expect(overseer.page).toHaveTitle(/^\(2\) /);
    await expect(overseer.takeOldest).toBeHidden();
  }

  await aki.takeOldest.click();
  await expect(aki.said('One?')).toBeVisible();
  await expect(aki.composer).toBeFocused();
  await expect(aki.takeOldest).toHaveAccessibleName('1 new unassigned chat, take the oldest');
  for (const overseer of [sam, ada]) await expect(overseer.inboxLink).toHaveAccessibleName('Inbox, 1 chat wants attention');

  await aki.tab('Incoming').click();
  await first.say('Still there?');
  await first.say('Hello?');
  await expect(aki.inboxLink).toHaveAccessibleName('Inbox, 1 chat wants attention');
  await expect(aki.page).toHaveTitle(/^\(1\) /);
  await aki.tab('Active').click();
  await expect(aki.row(first.name)).toContainText('2 unread');
  await expect(aki.row(second.name)).toBeHidden();
});

test('away and back: colours, words, and the queues that are served', async ({ stage }) => {
  const jo = await stage.staff('jo');
  await jo.go();
  const button = (name: string) => jo.page.getByRole('button', { name, exact: true });
  await button('Online').click();
  const told = jo.page.waitForResponse(/\/api\/availability$/);
  await jo.page.getByRole('menuitemradio', { name: /^Away/ }).click();
  await expect(button('Away')).toBeVisible();
  await told;
  await jo.reload();
  await expect(button('Away')).toBeVisible();
  await button('Away').click();
  await jo.page.getByRole('menuitemcheckbox', { name: 'Sales' }).click();
  await expect(jo.page.getByText('You serve no queue now.')).toBeVisible();
  await jo.page.keyboard.press('Escape');
  await button('Away').click();
  await jo.page.getByRole('menuitemcheckbox', { name: 'Sales' }).click();
  await jo.page.getByRole('menuitemradio', { name: /^Online/ }).click();
  await expect(button('Online')).toBeVisible();
  await expect(jo.page.getByText('Visitors who start a chat appear here')).toBeVisible();
});

test('rows stay where they are while the pointer is on them', async ({ stage }) => {
  const aki = await stage.staff('aki');
  const chats = [];
  for (const name of ['Ann', 'Ben', 'Cat']) chats.push(await stage.waiting(name, 'Hello?'));
  await aki.go();
  for (const chat of chats) {
    await aki.tab('Incoming').click();
    await aki.take(chat.name);
  }
  await aki.tab('Active').click();
  const names = () => aki.page.getByRole('region', { name: 'Chats' }).getByRole('listitem').getByRole('link').allInnerTexts();
  await aki.row(chats[1]!.name).hover();
  const before = await names();
  await chats[0]!.say('The newest words');
  await expect(aki.row(chats[0]!.name)).toContainText('The newest words');
  expect(await names()).toEqual(before);
  await aki.page.getByRole('heading', { name: 'Inbox' }).hover();
  await expect.poll(async () => (await names())[0]).toBe(chats[0]!.name);
});

test('the list is narrowed to one status, and says so when there is no such chat', async ({ stage }) => {
  const aki = await stage.staff('aki');
  const [ann, ben] = [await stage.waiting('Ann', 'Hello?'), await stage.waiting('Ben', 'Hello?')];
  await aki.go();
  await aki.take(ann.name);
  await aki.tab('Incoming').click();
  await aki.take(ben.name);
  await aki.say('Good morning.');
  const status = aki.page.getByLabel('Status', { exact: true });
  await status.selectOption('Not answered');
  await expect(aki.row(ben.name)).toBeHidden();
  await expect(aki.row(ann.name)).toBeVisible();

  // The row comes and goes with the status.
  await status.selectOption('Wrap-up');
  await expect(aki.page.getByRole('heading', { name: 'No chat is “Wrap-up”' })).toBeVisible();
  await aki.page.getByRole('button', { name: 'Show all' }).click();
  await expect(status).toHaveValue('');
  await expect(aki.row(ann.name)).toBeVisible();
  await expect(aki.row(ben.name)).toBeVisible();
  await status.selectOption('Active');
  await expect(aki.row(ann.name)).toBeHidden();
  await aki.end();
  await expect(aki.row(ben.name)).toBeHidden();

  // How it ended, of one's own.
  await aki.tab('Recent').click();
  await expect(aki.row(ben.name)).toBeVisible();
  await status.selectOption('Left');
  await expect(aki.row(ben.name)).toBeHidden();
  await status.selectOption('Handled');
  await expect(aki.row(ben.name)).toContainText('Handled');
});

test('the page a visitor goes to stands in the panel at once, and what is typed there stays', async ({ stage }) => {
  const lena = await stage.visitor({ name: 'Lena' });
  const aki = await stage.staff('aki');
  await aki.go();
  await lena.begin('Which lamp goes with it?');
  await aki.take(lena.name);
  const trail = aki.customer.getByRole('heading', { name: 'Pages' }).locator('xpath=..').getByRole('listitem');
  await expect(trail).toHaveCount(1);
  const notes = aki.customer.getByRole('textbox', { name: 'Notes' });
  await notes.pressSequentially('Likes oak');
  await lena.arrive('/desk');
  await expect(trail).toHaveCount(2);
  await expect(trail.first()).toContainText('/desk');
  await expect(notes).toBeFocused();
  await expect(notes).toHaveValue('Likes oak');
});

test('an address that leads nowhere says so', async ({ stage, server, guard }) => {
  guard.expect(refused(404));
  const aki = await stage.staff('aki');
  await aki.page.goto(`${server.dashboard}/nowhere`);
  await expect(aki.page.getByRole('heading', { name: 'There is no such page' })).toBeVisible();
  await aki.go('/inbox/incoming/00000000-0000-7000-8000-000000000000');
  await expect(aki.page.getByRole('heading', { name: 'This chat is not here for you' })).toBeVisible();
  await aki.page.getByRole('link', { name: 'Back to the list' }).click();
  await expect(aki.page.getByRole('heading', { name: 'No chat is open' })).toBeVisible();
});
