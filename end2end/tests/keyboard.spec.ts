// Everything again, with nothing but the keyboard.

import type { Locator, Page } from '@playwright/test';
import type { Agent } from './stage/agent.ts';
import { accessible } from './stage/axe.ts';
import { expect, test, type Stage } from './stage/fixtures.ts';
import type { Server } from './stage/server.ts';

test.beforeEach(({ server }) => server.advance(40));

test.afterEach(({ server }) => server.setQueue({ settings: { strategy: 'pick' }, rules: { wrap_up: 'none' } }));

const palette = (page: Page) => page.getByRole('dialog', { name: 'Commands' });
const field = (page: Page) => page.getByRole('combobox', { name: 'Type a command, or a name' });
const chosen = (page: Page) => page.getByRole('dialog').getByRole('option', { selected: true });

/** Opens the palette, types, and takes the first line. */
async function command(page: Page, typed: string, line: string | RegExp): Promise<void> {
  await page.keyboard.press('Control+k');
  await expect(field(page)).toBeFocused();
  await page.keyboard.type(typed);
  await expect(chosen(page)).toHaveText(line);
  await page.keyboard.press('Enter');
  await expect(palette(page)).toBeHidden();
}

/** Goes to it with Tab. */
async function reach(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let n = 0; n < 12 && !(await target.evaluate((one) => one === document.activeElement)); n += 1) {
    await page.keyboard.press('Tab');
  }
  await expect(target).toBeFocused();
}

function macro(server: Server, title: string, text: string): Promise<unknown> {
  return server.asAdmin('save-macro', { id: null, draft: { owner: 'everyone', title, text } });
}

/** Aki at a chat of theirs. */
async function answering(stage: Stage): Promise<{ aki: Agent; lena: { name: string; say(text: string): Promise<void> } }> {
  const aki = await stage.staff('aki');
  await aki.go();
  const lena = await stage.waiting('Lena', 'Is it solid oak?');
  await aki.take(lena.name);
  return { aki, lena };
}

test('everything again by keyboard only: it rings, is declined, accepted, answered, handed over, ended and closed', async ({ stage, server }) => {
  test.slow();
  await server.setQueue({ settings: { strategy: 'ring_by_turns', ring: 20, pause: 60 }, rules: { wrap_up: 'manual' } });
  const title = stage.named('Hardwood');
  await macro(server, title, 'Dear {{visitor.name}}, it is solid oak.');
  const aki = await stage.staff('aki');
  const jo = await stage.staff('jo');
  await aki.go();
  await jo.go('/settings/profile');
  const lena = await stage.waiting('Lena', 'Is it solid oak?');
  const first = await Promise.any([aki, jo].map((agent) => agent.ring(lena.name).waitFor().then(() => agent)));
  const next = first === aki ? jo : aki;

  // Whoever it rings is not to be disturbed, and says so; it rings the next one.
  await first.page.keyboard.press('Alt+Shift+D');
  await expect(first.ring(lena.name)).toBeHidden();
  await expect(next.ring(lena.name)).toBeVisible();
  await next.page.keyboard.press('Alt+Shift+A');
  await expect(next.composer).toBeFocused();
  await expect(next.line(`Back in the queue: ${first.name} declined`)).toBeVisible();

  // A macro by its name.
  await next.page.keyboard.type('/Hardwood');
  await expect(next.page.getByRole('option', { name: title })).toBeVisible();
  await next.page.keyboard.press('Enter');
  await expect(next.composer).toHaveValue(`Dear ${lena.name}, it is solid oak.`);
  await next.page.keyboard.press('Enter');
  await expect(next.said(`Dear ${lena.name}, it is solid oak.`)).toBeVisible();

  // Handed over with a word.
  await next.page.keyboard.press('Alt+Shift+H');
  const radio = next.dialog(`Transfer the chat with ${lena.name}`).getByRole('radio', { name: first.name });
  await reach(next.page, radio);
  await next.page.keyboard.press('Space');
  await expect(radio).toBeChecked();
  await next.page.keyboard.press('Tab');
  await next.page.keyboard.type('She asks about wood.');
  await reach(next.page, next.page.getByRole('button', { name: 'Transfer', exact: true }).last());
  await next.page.keyboard.press('Enter');
  await expect(first.ring(lena.name)).toContainText('She asks about wood.');
  await first.page.keyboard.press('Alt+Shift+A');
  await expect(first.composer).toBeFocused();
  await first.page.keyboard.type('I am the one for wood.');
  await first.page.keyboard.press('Enter');
  await expect(first.said('I am the one for wood.')).toBeVisible();

  // Tagged, and back to the text.
  await first.page.keyboard.press('Alt+Shift+L');
  await expect(first.customer.getByLabel('Add a tag')).toBeFocused();
  await first.page.keyboard.type('oak');
  await first.page.keyboard.press('Enter');
  await expect(first.customer.getByRole('list', { name: 'Tags' })).toContainText('oak');
  await first.page.keyboard.press('Alt+Shift+W');
  await expect(first.composer).toBeFocused();

  // Ended, after it has asked; and put away.
  await first.page.keyboard.press('Alt+Shift+E');
  const asked = first.page.getByRole('alertdialog', { name: 'End this chat?' });
  await expect(asked.getByRole('button', { name: 'Keep it open' })).toBeFocused();
  await first.page.keyboard.press('Escape');
  await expect(asked).toBeHidden();
  await expect(first.composer).toBeFocused();
  await first.page.keyboard.press('Alt+Shift+E');
  await expect(asked.getByRole('button', { name: 'Keep it open' })).toBeFocused();
  await first.page.keyboard.press('Tab');
  await first.page.keyboard.press('Enter');
  const close = first.page.getByRole('main').getByRole('button', { name: 'Close', exact: true });
  await expect(close).toBeVisible();
  // The line may tell of the end before the answer closes the question, which keeps keys from the page behind it.
  await expect(asked).toBeHidden();
  await first.page.keyboard.press('Alt+Shift+E');
  await expect(close).toBeHidden();
  await expect(first.line('You finished the wrap-up')).toBeVisible();
});

test('the palette does by name what can be done, and gives the cursor back', async ({ stage, server }) => {
  const title = stage.named('Varnish');
  await macro(server, title, 'Varnish it twice a year.');
  const { aki, lena } = await answering(stage);
  const jo = await stage.staff('jo');
  await jo.go();
  const { page } = aki;
  await aki.composer.fill('My draft. ');

  // It keeps the keyboard to itself, names what is chosen, and goes without a trace.
  await page.keyboard.press('Control+k');
  await expect(field(page)).toBeFocused();
  await expect(chosen(page)).toHaveText(/^Write a message/);
  await expect(field(page)).toHaveAttribute('aria-activedescendant', (await chosen(page).getAttribute('id')) ?? 'none');
  await page.keyboard.press('ArrowDown');
  await expect(chosen(page)).toHaveText(/^Reply templates and macros/);
  await expect(field(page)).toHaveAttribute('aria-activedescendant', (await chosen(page).getAttribute('id')) ?? 'none');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await expect(chosen(page)).toHaveText('Keyboard shortcuts');
  await page.keyboard.type('no such thing at all');
  await expect(page.getByText('Nothing fits. Try other words, or fewer.')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(palette(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(palette(page)).toBeHidden();
  await expect(aki.composer).toBeFocused();
  await expect(aki.composer).toHaveValue('My draft. ');

  // The same keys close it.
  await page.keyboard.press('Control+k');
  await expect(field(page)).toBeFocused();
  await page.keyboard.press('Control+k');
  await expect(palette(page)).toBeHidden();

  // A macro goes where the cursor was.
  await command(page, title.toLowerCase(), new RegExp(`^${title}`));
  await expect(aki.composer).toHaveValue('My draft. Varnish it twice a year.');
  await expect(aki.composer).toBeFocused();

  // Dialogs that it opens give the cursor back to where it was before.
  await command(page, 'add col', /^Add a colleague…/);
  await expect(aki.dialog(`Add a colleague to the chat with ${lena.name}`)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(aki.composer).toBeFocused();
  await command(page, 'tmpl', /^Reply templates and macros/);
  await expect(page.getByRole('combobox', { name: 'Search reply templates' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(aki.composer).toBeFocused();

  // Other chats, other pages, oneself.
  const email = stage.address('Noor');
  const noor = await stage.waiting('Noor', 'Do you have the lamp in green?', { email });
  await expect.poll(async () => (await page.getByRole('tab', { name: 'Incoming' }).textContent()) ?? '').toMatch(/\d/);
  await command(page, email.replace('mple.org', ''), new RegExp(`^${noor.name}`));
  await expect(page.getByRole('heading', { name: noor.name, level: 2 }).first()).toBeVisible();
  await command(page, 'respond', /^Respond/);
  await expect(aki.composer).toBeFocused();
  await expect(aki.line('You took the chat')).toBeVisible();
  await command(page, 'go away', 'Go away for a while');
  await expect(page.getByRole('button', { name: 'Away', exact: true })).toBeVisible();
  await command(page, 'go online', 'Go online');
  await expect(page.getByRole('button', { name: 'Online', exact: true })).toBeVisible();
  await command(page, 'my mac', 'My macrosSettings');
  await expect(page.getByRole('heading', { name: 'My macros' })).toBeVisible();

  // What was done last is offered first.
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('group', { name: 'Used last' }).getByRole('option').first()).toBeVisible();
  await page.keyboard.press('Escape');
});

test('letters go to the next chat, to the sections and to the list of keys, but never while one writes', async ({ stage }) => {
  const { aki, lena } = await answering(stage);
  const kim = await stage.waiting('Kim', 'Is it blue?');
  const { page } = aki;
  const open = (name: string) => page.getByRole('heading', { name, level: 2 }).first();
  await expect(page.getByRole('tab', { name: 'Incoming' })).toContainText('1');

  // In the middle of a word they are letters.
  await page.keyboard.type('nrjke?1');
  await expect(aki.composer).toHaveValue('nrjke?1');
  await expect(open(lena.name)).toBeVisible();
  await page.keyboard.press('Alt+Shift+1');
  await expect(page.getByRole('tab', { name: 'Incoming' })).toHaveAttribute('aria-selected', 'true');
  await expect(aki.composer).toBeHidden();
  await page.keyboard.press('n');
  await expect(open(kim.name)).toBeVisible();
  await expect(aki.composer).toBeFocused();
  await page.keyboard.press('Alt+Shift+J');
  await expect(open(lena.name)).toBeVisible();
  await expect(aki.composer).toBeFocused();
  await expect(aki.composer).toHaveValue('nrjke?1');
  await page.keyboard.press('Alt+Shift+K');
  await expect(open(kim.name)).toBeVisible();

  await aki.tab('Active').focus();
  await page.keyboard.press('j');
  await expect(open(lena.name)).toBeVisible();
  await expect(aki.composer).not.toBeFocused();
  await page.keyboard.press('w');
  await expect(aki.composer).toBeFocused();
  await aki.tab('Active').focus();
  await page.keyboard.press('?');
  const help = aki.dialog('Keyboard shortcuts');
  await expect(help).toBeVisible();
  await page.keyboard.press('j');
  await expect(open(lena.name)).toBeVisible();

  // Who speaks to the computer switches them off; with Alt and Shift they stay.
  await reach(page, help.getByRole('checkbox', { name: /^Letters by themselves/ }));
  await page.keyboard.press('Space');
  await page.keyboard.press('Escape');
  await expect(help).toBeHidden();
  await expect(aki.tab('Active')).toBeFocused();
  await page.keyboard.press('?');
  await page.keyboard.press('j');
  await page.keyboard.press('Alt+Shift+J');
  await expect(open(kim.name)).toBeVisible();
  await expect(help).toBeHidden();
  await aki.reload();
  await expect(open(kim.name)).toBeVisible();
  await page.keyboard.press('?');
  await command(page, 'keyboard sh', /^Keyboard shortcuts/);
  await expect(help.getByRole('checkbox')).not.toBeChecked();
  await page.keyboard.press('Escape');
});

test('in the middle of a sentence nothing rings away, and browser keys stay the browser’s', async ({ stage, server }) => {
  const { aki } = await answering(stage);
  await server.setQueue({ settings: { strategy: 'ring_all', ring: 20 } });
  const kim = await stage.waiting('Kim', 'Is it blue?');
  await expect(aki.ring(kim.name)).toBeVisible();
  await aki.composer.fill('One moment');
  await aki.page.keyboard.press('Alt+Shift+D');
  await expect(aki.ring(kim.name)).toBeVisible();
  const ours = await aki.page.evaluate(() => {
    const told = (init: KeyboardEventInit) => {
      const event = new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init });
      document.body.dispatchEvent(event);
      return event.defaultPrevented;
    };
    const chord = (letter: string, more: KeyboardEventInit) => told({ key: letter, code: `Key${letter.toUpperCase()}`, ...more });
    return {
      reserved: ['b', 'f', 'i', 't'].map((letter) => chord(letter, { altKey: true, shiftKey: true })),
      alt: chord('h', { altKey: true }),
      control: ['f', 'l', 'n', 'p', 'r', 's', 't', 'w'].map((letter) => chord(letter, { ctrlKey: true })),
      console: chord('k', { ctrlKey: true, shiftKey: true }),
      composing: told({ key: 'j', code: 'KeyJ', isComposing: true }),
      held: told({ key: 'j', code: 'KeyJ', repeat: true }),
    };
  });
  expect(Object.values(ours).flat().some(Boolean), JSON.stringify(ours)).toBe(false);
  await aki.composer.fill('');
  await aki.page.keyboard.press('Alt+Shift+D');
  await expect(aki.ring(kim.name)).toBeHidden();
});

test('keys are told where they do something', async ({ stage }) => {
  const { aki } = await answering(stage);
  const { page } = aki;
  await expect(aki.endButton).toHaveAttribute('aria-keyshortcuts', 'Alt+Shift+E');
  await expect(page.getByRole('button', { name: 'Transfer', exact: true })).toHaveAttribute('title', 'Transfer (Alt+Shift+H)');
  await page.getByRole('button', { name: 'Chat menu' }).press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Add a colleague…' })).toContainText('Alt+Shift+C');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Account of/ }).press('Enter');
  await page.getByRole('button', { name: 'Keyboard shortcuts' }).press('Enter');
  await accessible('keyboard shortcuts', page);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Commands and search' }).press('Enter');
  await expect(field(page)).toBeFocused();
  await accessible('palette', page);
  await page.keyboard.type('le');
  await expect(chosen(page)).toBeVisible();
  await accessible('palette, typed into', page);
  await page.keyboard.press('Escape');
  await aki.go('/settings/keyboard');
  await accessible('keyboard settings', page);
});
