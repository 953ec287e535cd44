import { expect, test } from './stage/fixtures.ts';
import { GREETING } from './stage/visitor.ts';

test('a visitor asks, an agent answers, the chat ends and is rated', async ({ stage }) => {
  const lena = await stage.visitor({ name: 'Lena' });
  const aki = await stage.staff('aki');
  const question = 'Is the oak desk in stock?';
  await aki.go();
  await expect(aki.page.getByRole('heading', { name: 'Nobody is waiting' })).toBeVisible();

  await test.step('the form says what is missing before it goes anywhere', async () => {
    await lena.arrive();
    await lena.openChat();
    await expect(lena.form.heading).toBeVisible();
    await lena.form.name.fill(lena.name);
    await lena.form.email.fill('lena@nowhere');
    await lena.form.start.click();
    await expect(lena.panel.getByText('Please write your question.')).toBeVisible();
    await expect(lena.panel.getByText('This address is not complete.')).toBeVisible();
    await expect(lena.form.name).toHaveValue(lena.name);
  });

  await test.step('she is greeted and knows her place in the queue', async () => {
    await lena.ask(question);
    await lena.reads(question, GREETING);
    await expect(lena.panel.getByRole('status').filter({ hasText: 'You are next.' })).toBeVisible();
  });

  await test.step('the agent sees her waiting, reads first, then responds', async () => {
    const row = aki.row(lena.name);
    await expect(row).toContainText('New');
    await expect(row).toContainText(/\d:\d\d/);
    await expect(row).toContainText(question);
    await row.hover();
    await expect(row.getByRole('button', { name: 'Pick' })).toBeVisible();
    await aki.open(lena.name);
    await expect(aki.said(question)).toBeVisible();
    await expect(aki.composer).toBeHidden();
    await expect(aki.customer).toContainText(lena.email);
    await expect(aki.customer).toContainText('First chat');
    await aki.page.getByRole('main').getByRole('button', { name: 'Respond' }).click();
    await expect(aki.composer).toBeFocused();
    await expect(aki.page).toHaveURL(/\/inbox\/active\//);
    await expect(lena.log.getByText(`${aki.name} joined`)).toBeVisible();
    await expect(lena.panel.getByText('You are next.')).toBeHidden();
    await expect(lena.panel.getByRole('heading', { name: aki.name })).toBeVisible();
  });

  await test.step('each sees the other typing, and what was written', async () => {
    await aki.composer.pressSequentially('Yes, ');
    await expect(lena.panel.getByRole('status').filter({ hasText: `${aki.name} is typing` })).toBeVisible();
    await aki.say('Yes, three of them.');
    await expect(lena.said('Yes, three of them.')).toBeVisible();
    await expect(lena.panel.getByText('is typing')).toBeHidden();
    await lena.composer.pressSequentially('Lovely');
    await expect(aki.page.getByText(`${lena.name} is typing`)).toBeVisible();
    await lena.say('Lovely!\nCan I pick it up?');
    await lena.reads(question, GREETING, 'Yes, three of them.', 'Lovely! Can I pick it up?');
    await aki.reads(question, GREETING, 'Yes, three of them.', 'Lovely! Can I pick it up?');
    await expect(lena.turn('Can I pick it up?')).toContainText('Read');
    await expect(aki.delivery('Yes, three of them.')).toHaveAccessibleName('Read');
  });

  await test.step('closed, the launcher and the page title count what is unread', async () => {
    const title = await lena.page.title();
    await lena.closeChat();
    await aki.say('Of course.');
    await expect(aki.delivery('Of course.')).toHaveAccessibleName('Delivered');
    await aki.say('From ten to six.');
    await expect(lena.launcher).toHaveAccessibleName('Open chat, 2 unread messages');
    await expect(lena.page).toHaveTitle(`(2) ${title}`);
    await lena.openChat();
    await expect(aki.delivery('From ten to six.')).toHaveAccessibleName('Read');
    await expect(lena.page).toHaveTitle(title);
  });

  await test.step('elsewhere, the agent sees how many are unread', async () => {
    await aki.tab('Incoming').click();
    await lena.say('See you at noon.');
    await expect(lena.turn('See you at noon.')).toContainText('Sent');
    await expect(aki.inboxLink).toHaveAccessibleName('Inbox, 1 chat wants attention');
    await aki.tab('Active').click();
    await expect(aki.row(lena.name)).toContainText('1 unread');
    await aki.open(lena.name);
    await expect(lena.turn('See you at noon.')).toContainText('Read');
    await expect(aki.inboxLink).toHaveAccessibleName('Inbox');
  });

  await test.step('the agent ends it, and is asked first', async () => {
    await aki.endButton.click();
    const asked = aki.page.getByRole('alertdialog', { name: 'End this chat?' });
    await expect(asked).toContainText(lena.name);
    await asked.getByRole('button', { name: 'Keep it open' }).click();
    await expect(aki.composer).toBeVisible();
    await aki.end();
    await expect(aki.page.getByText('This chat has ended: handled by an agent.')).toBeVisible();
    await expect(aki.composer).toBeHidden();
    await expect(lena.log.getByText(`${aki.name} ended the chat`)).toBeVisible();
  });

  await test.step('she rates it, and changes her mind', async () => {
    await expect(lena.rating.group).toBeVisible();
    await lena.rate(4, 'Quick and kind.');
    await expect(lena.rating.thanks).toBeVisible();
    await lena.rating.change.click();
    await lena.rate(5, 'Quick and very kind.');
    await expect(lena.rating.thanks).toBeVisible();
    await expect(lena.composer).toBeHidden();
  });

  await test.step('the agent finds stars and words under Recent', async () => {
    await aki.tab('Recent').click();
    const row = aki.row(lena.name);
    await expect(row.getByRole('img', { name: '5 of 5 stars' })).toBeVisible();
    await expect(row).toContainText('Quick and very kind.');
    await expect(aki.page.getByText(/Your average/)).toBeVisible();
    await row.getByRole('link').click();
    await expect(aki.customer.getByRole('img', { name: '5 of 5 stars' })).toBeVisible();
    await aki.reads(question, GREETING, 'Yes, three of them.', 'Lovely! Can I pick it up?', 'Of course.', 'From ten to six.', 'See you at noon.');
  });
});

test('the supervisor finds ended chats and their ratings, and anonymous ones apart', async ({ stage }) => {
  const lena = await stage.visitor({ name: 'Lena' });
  const omar = await stage.visitor({ name: 'Omar' });
  const aki = await stage.staff('aki');
  await aki.go();
  for (const [visitor, question] of [[lena, 'Do you deliver?'], [omar, 'Is it real oak?']] as const) {
    await visitor.begin(question);
    await aki.tab('Incoming').click();
    await aki.take(visitor.name);
    await aki.say(`Yes, ${visitor.name}.`);
    await aki.end();
    await expect(visitor.rating.group).toBeVisible();
  }
  const [named, nameless] = [`Fine, says ${lena.name}`, `Slow, says somebody ${omar.name.split(' ')[1]}`];
  await lena.rate(4, named);
  await expect(lena.rating.thanks).toBeVisible();
  await omar.rating.anonymous.check();
  await omar.rate(2, nameless);
  await expect(omar.rating.thanks).toBeVisible();

  const sam = await stage.staff('supervisor');
  await sam.go();
  await sam.resolvedLink.click();
  const chats = sam.page.getByRole('region', { name: 'Chats' });
  const row = (name: string) => chats.getByRole('row').filter({ hasText: name });
  await expect(row(lena.name).getByRole('img', { name: '4 of 5 stars' })).toBeVisible();
  await expect(row(lena.name)).toContainText(named);
  await expect(row(lena.name)).toContainText(aki.name);
  await expect(row(lena.name)).toContainText('Handled');

  await test.step('an anonymous rating belongs to no chat', async () => {
    await expect(row(omar.name)).toContainText('not rated');
    const apart = sam.page.getByRole('complementary', { name: 'Ratings' });
    await expect(apart).toContainText(nameless);
    await expect(apart.getByRole('listitem').filter({ hasText: nameless })).not.toContainText(omar.name);
    await aki.tab('Recent').click();
    await expect(aki.row(omar.name)).toBeVisible();
    await expect(aki.row(omar.name).getByRole('img', { name: /of 5 stars/ })).toBeHidden();
    await expect(aki.page.getByText(nameless)).toBeHidden();
  });

  await test.step('the filters narrow the list and stand in the address', async () => {
    const filter = sam.page.getByRole('search', { name: 'Filter' });
    const cleared = async () => {
      await filter.getByRole('link', { name: 'Clear' }).click();
      await expect(sam.page).toHaveURL(/\/resolved$/);
      await expect(row(lena.name)).toBeVisible();
    };
    await filter.getByLabel('Search').fill(lena.name);
    await filter.getByRole('button', { name: 'Apply' }).click();
    await expect(sam.page).toHaveURL(/text=Lena/);
    await expect(row(omar.name)).toBeHidden();
    await expect(row(lena.name)).toBeVisible();
    await filter.getByLabel('Rating').selectOption({ label: '★★★★★' });
    await filter.getByRole('button', { name: 'Apply' }).click();
    await expect(sam.page.getByRole('heading', { name: 'Nothing matches' })).toBeVisible();
    await sam.reload();
    await expect(filter.getByLabel('Search')).toHaveValue(lena.name);
    await expect(sam.page.getByRole('heading', { name: 'Nothing matches' })).toBeVisible();
    await cleared();
    await filter.getByLabel('Outcome').selectOption({ label: 'Missed' });
    await filter.getByRole('button', { name: 'Apply' }).click();
    await expect(sam.page).toHaveURL(/outcome=missed/);
    await expect(row(lena.name)).toBeHidden();
    await cleared();
    await filter.getByLabel('Agent').selectOption({ label: aki.name });
    await filter.getByLabel('From').fill('2020-01-01');
    await filter.getByRole('button', { name: 'Apply' }).click();
    await expect(row(lena.name)).toBeVisible();
  });

  await test.step('a chat is read from there, and the way back keeps the filter', async () => {
    await row(lena.name).getByRole('link').click();
    await expect(sam.said('Do you deliver?')).toBeVisible();
    await expect(sam.composer).toBeHidden();
    await sam.page.getByRole('link', { name: 'Back to the list' }).click();
    await expect(sam.page).toHaveURL(/from=2020-01-01/);
    await expect(row(lena.name)).toBeVisible();
  });
});

test('a visitor leaves, resumes the same chat, and begins another', async ({ stage }) => {
  const mia = await stage.visitor({ name: 'Mia' });
  const aki = await stage.staff('aki');
  await aki.go();
  await mia.begin('Do you have green ones?');
  await aki.take(mia.name);
  await aki.say('Two shades of it.');
  await expect(mia.said('Two shades of it.')).toBeVisible();

  await test.step('leaving asks first', async () => {
    await mia.menuButton.click();
    await mia.panel.getByRole('menuitem', { name: 'Leave chat…' }).click();
    await mia.panel.getByRole('button', { name: 'Stay' }).click();
    await expect(mia.composer).toBeVisible();
    await mia.leave();
    await expect(mia.log.getByText('You left the chat')).toBeVisible();
    await expect(aki.page.getByText('This chat has ended: the visitor left.')).toBeVisible();
  });

  const jo = await stage.staff('jo');
  await jo.go();
  await test.step('resumed, it is the same record and waits again', async () => {
    await mia.panel.getByRole('button', { name: 'Resume this chat' }).click();
    await expect(mia.composer).toBeVisible();
    await mia.say('One more thing: legs?');
    await jo.take(mia.name);
    await jo.reads('Do you have green ones?', GREETING, 'Two shades of it.', 'One more thing: legs?');
    await expect(mia.log.getByText(`${jo.name} joined`)).toBeVisible();
    await jo.end();
  });

  await test.step('a new chat is another record, and the agent sees the earlier one', async () => {
    await mia.panel.getByRole('button', { name: 'New chat' }).click();
    await expect(mia.form.heading).toBeVisible();
    await mia.ask('And the price?');
    await mia.reads('And the price?', GREETING);
    await jo.tab('Incoming').click();
    await jo.row(mia.name).filter({ hasText: 'And the price?' }).getByRole('link').click();
    await expect(jo.customer).toContainText('1 earlier chat');
    await jo.customer.getByRole('link', { name: 'Do you have green ones?' }).click();
    await expect(jo.customer).toContainText('Taken up again, 2 times here');
    await expect(jo.said('Two shades of it.')).toBeVisible();
  });
});
