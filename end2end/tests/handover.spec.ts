// Chats that go from hand to hand.

import type { Agent } from './stage/agent.ts';
import { accessible } from './stage/axe.ts';
import { expect, refused, test, type Stage } from './stage/fixtures.ts';

test.beforeEach(({ server }) => server.advance(40));

/** A chat that Aki has, and Jo who is here. */
async function taken(stage: Stage): Promise<{ aki: Agent; jo: Agent; lena: { name: string } }> {
  const jo = await stage.staff('jo');
  await jo.go();
  const aki = await stage.staff('aki');
  await aki.go();
  const lena = await stage.waiting('Lena', 'Is it solid oak?');
  await aki.take(lena.name);
  await aki.say('One moment.');
  return { aki, jo, lena };
}

/** Chooses a colleague or queue in the open dialog. */
async function choose(agent: Agent, whom: string, verb: string): Promise<void> {
  const dialog = agent.page.getByRole('dialog');
  await dialog.getByRole('radio', { name: whom }).check();
  await dialog.getByRole('button', { name: verb, exact: true }).click();
}

test('a transfer rings the colleague with a word, and falls back until it is accepted', async ({ stage, server }) => {
  const { aki, jo, lena } = await taken(stage);
  const transfer = async (note: string) => {
    await aki.menu('Transfer…');
    await expect(aki.dialog(`Transfer the chat with ${lena.name}`)).toBeVisible();
    await aki.page.getByRole('dialog').getByRole('textbox', { name: 'Note' }).fill(note);
    await choose(aki, jo.name, 'Transfer');
    await expect(aki.page.getByRole('dialog')).toBeHidden();
  };
  await transfer('She knows wood better than I do.');
  const bar = aki.page.getByRole('group', { name: 'Ringing' });
  await expect(bar).toContainText(`Ringing ${jo.name}…`);
  await expect(jo.ring(lena.name)).toContainText(`${aki.name} hands it over to you`);
  await expect(jo.ring(lena.name)).toContainText('She knows wood better than I do.');
  await expect(aki.line(`You offered the chat to ${jo.name}`)).toBeVisible();

  await jo.decline(lena.name);
  await expect(bar).toBeHidden();
  await expect(aki.line(`The chat stays where it is: ${jo.name} declined`)).toBeVisible();

  await transfer('');
  await expect(jo.ring(lena.name)).toBeVisible();
  await server.advance(21);
  await expect(jo.ring(lena.name)).toBeHidden();
  await expect(aki.line(`The chat stays where it is: ${jo.name} did not answer in 20 s`)).toBeVisible();

  await transfer('');
  await expect(jo.ring(lena.name)).toBeVisible();
  await bar.getByRole('button', { name: 'Cancel transfer' }).click();
  await expect(jo.ring(lena.name)).toBeHidden();
  await expect(aki.line('The chat stays where it is: the offer was taken back')).toBeVisible();
  await aki.say('I am still here.');

  await transfer('');
  await jo.accept(lena.name);
  await expect(jo.composer).toBeFocused();
  await expect(jo.line(`${aki.name} passed the chat to you`)).toBeVisible();
  await expect(jo.said('I am still here.')).toBeVisible();
  await expect(aki.composer).toBeHidden();
  await expect(aki.page.getByText(`${jo.name} has this chat now.`)).toBeVisible();
});

test('a transfer to a queue rings whoever serves it', async ({ stage, server }) => {
  const { aki, jo, lena } = await taken(stage);
  await server.setQueue({ settings: { strategy: 'ring_by_turns' } });
  try {
    await aki.menu('Transfer…');
    await aki.page.getByRole('dialog').getByRole('radio', { name: 'Queue', exact: true }).check();
    await expect(aki.page.getByRole('dialog')).toContainText('2 agents online');
    await choose(aki, 'Sales', 'Transfer');
    await expect(aki.status('The chat waits in Sales')).toBeVisible();
    await jo.accept(lena.name);
    await expect(jo.line(`${aki.name} put the chat back into Sales`)).toBeVisible();
    await expect(jo.line('You took the chat')).toBeVisible();
  } finally {
    await server.setQueue({ settings: { strategy: 'pick' } });
  }
});

test('a colleague is given the chat at once, writes along, and is taken out again', async ({ stage }) => {
  const { aki, jo, lena } = await taken(stage);
  await aki.menu('Add a colleague…');
  await choose(aki, jo.name, 'Add');
  await expect(aki.line(`You added ${jo.name}`)).toBeVisible();
  await jo.tab('Active').click();
  await jo.open(lena.name);
  await jo.say('I can help with that.');
  await expect(aki.said('I can help with that.')).toBeVisible();
  await expect(jo.endButton).toBeHidden();
  await aki.menu(`Take ${jo.name} out of the chat`);
  await expect(aki.line(`You took ${jo.name} out of the chat`)).toBeVisible();
  await expect(jo.composer).toBeHidden();

  await aki.menu('Assign to a colleague…');
  await choose(aki, jo.name, 'Assign');
  await expect(aki.status(`${jo.name} has it`)).toBeVisible();
  await expect(jo.line(`${aki.name} passed the chat to you`)).toBeVisible();
  await jo.say('Now it is mine.');
});

test('who is not online cannot be chosen', async ({ stage, server }) => {
  const { aki, jo, lena } = await taken(stage);
  await jo.page.context().close();
  await aki.menu('Transfer…');
  const radio = aki.page.getByRole('dialog').getByRole('radio', { name: jo.name });
  await expect
    .poll(async () => {
      await server.advance(31);
      return radio.isDisabled();
    })
    .toBe(true);
  await expect(aki.page.getByRole('dialog')).toContainText('No other agent is online now.');
  await aki.page.keyboard.press('Escape');
  await expect(aki.page.getByRole('dialog')).toBeHidden();
  await expect(aki.page.getByRole('button', { name: 'Chat menu' })).toBeFocused();
  await expect(aki.row(lena.name)).toBeVisible();
});

test('a limit is said in the dialog, and a note that is too long is not sent', async ({ stage, server, guard }) => {
  const { aki, jo, lena } = await taken(stage);
  const kim = await stage.waiting('Kim', 'Is it blue?');
  await jo.take(kim.name);
  await server.setQueue({ rules: { chat_limit: 1 } });
  try {
    guard.expect(refused(409));
    await aki.menu('Assign to a colleague…');
    await choose(aki, jo.name, 'Assign');
    await expect(aki.page.getByRole('dialog').getByRole('alert')).toHaveText(`${jo.name} has a chat already, and one is the limit.`);
    await aki.page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await aki.menu('Transfer…');
    await aki.page.getByRole('dialog').getByRole('radio', { name: jo.name }).check();
    await aki.page.getByRole('dialog').getByRole('textbox', { name: 'Note' }).fill('x'.repeat(501));
    await expect(aki.page.getByRole('dialog')).toContainText('501 / 500');
    await expect(aki.page.getByRole('dialog').getByRole('button', { name: 'Transfer', exact: true })).toBeDisabled();
    await accessible('transfer dialog', aki.page);
    await aki.page.keyboard.press('Escape');
    await expect(aki.row(lena.name)).toBeVisible();
  } finally {
    await server.setQueue({ rules: { chat_limit: 0 } });
  }
});

test('a supervisor gives a chat to somebody else', async ({ stage }) => {
  const { aki, jo, lena } = await taken(stage);
  const sam = await stage.staff('supervisor');
  await sam.go('/inbox/active');
  await sam.open(lena.name);
  await sam.menu('Reassign…');
  await choose(sam, jo.name, 'Reassign');
  await expect(sam.line(`${sam.name} passed the chat to ${jo.name}`).or(sam.line(`You passed the chat to ${jo.name}`))).toBeVisible();
  await expect(aki.composer).toBeHidden();
  await expect(aki.page.getByText(`${jo.name} has this chat now.`)).toBeVisible();
  await jo.tab('Active').click();
  await jo.open(lena.name);
  await jo.say('I have it now.');
});

test('a row ends and hands over its chat without opening it', async ({ stage }) => {
  const { aki, jo, lena } = await taken(stage);
  await aki.inboxLink.click();
  await aki.tab('Active').click();
  await aki.row(lena.name).hover();
  await aki.row(lena.name).getByRole('button', { name: `Transfer the chat with ${lena.name}` }).click();
  await choose(aki, jo.name, 'Transfer');
  await expect(aki.row(lena.name)).toContainText(`Ringing ${jo.name}`);
  await jo.decline(lena.name);
  await expect(aki.row(lena.name)).not.toContainText('Ringing');
  await aki.row(lena.name).hover();
  await aki.row(lena.name).getByRole('button', { name: `End the chat with ${lena.name}` }).click();
  const asked = aki.page.getByRole('alertdialog', { name: 'End this chat?' });
  await asked.getByRole('button', { name: 'Keep it open' }).click();
  await expect(asked).toBeHidden();
  await aki.row(lena.name).hover();
  await aki.row(lena.name).getByRole('button', { name: `End the chat with ${lena.name}` }).click();
  await asked.getByRole('button', { name: 'End chat' }).click();
  await expect(aki.row(lena.name)).toBeHidden();
});

test('a transfer by keyboard only', async ({ stage }) => {
  const { aki, jo, lena } = await taken(stage);
  const menu = aki.page.getByRole('button', { name: 'Chat menu' });
  for (let n = 0; n < 40 && !(await menu.evaluate((button) => button === document.activeElement)); n++) {
    await aki.page.keyboard.press('Shift+Tab');
  }
  await expect(menu).toBeFocused();
  await aki.page.keyboard.press('Enter');
  await expect(aki.page.getByRole('menuitem', { name: 'Transfer…' })).toBeFocused();
  await aki.page.keyboard.press('ArrowUp');
  await expect(aki.page.getByRole('menuitem', { name: 'Block visitor…' })).toBeFocused();
  await aki.page.keyboard.press('Escape');
  await expect(menu).toBeFocused();
  await aki.page.keyboard.press('Enter');
  await expect(aki.page.getByRole('menuitem', { name: 'Transfer…' })).toBeFocused();
  await aki.page.keyboard.press('Enter');
  const radio = aki.page.getByRole('dialog').getByRole('radio', { name: jo.name });
  await expect(radio).toBeVisible();
  for (let n = 0; n < 10 && !(await radio.evaluate((one) => one === document.activeElement)); n++) {
    await aki.page.keyboard.press('Tab');
  }
  await aki.page.keyboard.press('Space');
  await expect(radio).toBeChecked();
  await aki.page.keyboard.press('Tab');
  await aki.page.keyboard.type('Please');
  await aki.page.keyboard.press('Tab');
  await aki.page.keyboard.press('Tab');
  await aki.page.keyboard.press('Enter');
  await expect(jo.ring(lena.name)).toContainText('Please');
  await jo.page.keyboard.press('Alt+Shift+A');
  await expect(jo.composer).toBeFocused();
});

test('the menu copies the chat’s link', async ({ stage }) => {
  const { aki, lena } = await taken(stage);
  await aki.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await aki.menu('Copy link');
  await expect(aki.status('Link copied')).toBeVisible();
  const copied = await aki.page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe(aki.page.url());
  expect(copied).toContain('/inbox/active/');
  await expect(aki.row(lena.name)).toBeVisible();
});
