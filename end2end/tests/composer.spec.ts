// What agents write with: macros, guarded words, what is pasted, emoji.

import type { Page } from '@playwright/test';
import type { Agent } from './stage/agent.ts';
import { expect, refused, test } from './stage/fixtures.ts';
import { GREETING } from './stage/visitor.ts';

const selected = (agent: Agent) =>
  agent.composer.evaluate((field: HTMLTextAreaElement) => field.value.slice(field.selectionStart, field.selectionEnd));

/** A macro, through the form that is open on the page. */
async function writeMacro(page: Page, title: string, text: string): Promise<void> {
  await page.getByRole('button', { name: 'New macro' }).click();
  await page.getByLabel('Title').fill(title);
  await page.getByLabel('Text').fill(text);
  await page.getByRole('button', { name: 'Save' }).click();
}

/** As if it had been copied from another page. */
async function paste(agent: Agent, html: string, plain: string): Promise<void> {
  await agent.composer.evaluate(
    (field, [html, plain]) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/html', html);
      clipboardData.setData('text/plain', plain);
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    },
    [html, plain] as const,
  );
}

test('a macro is written in the settings, found with a slash, and filled in', async ({ stage, guard }) => {
  guard.expect(refused(409, 422));
  const aki = await stage.staff('aki');
  const chat = await stage.waiting('Lena', 'Where is my desk?');
  const title = stage.named('Delivery');
  await aki.go('/settings/my-macros');
  await writeMacro(aki.page, title, 'Dear {{visitor.nmae}},\nyour order is on its way.');
  const wrong = aki.page.getByRole('alert').filter({ hasText: 'There is no such variable' });
  await expect(wrong).toHaveText('There is no such variable: “{{visitor.nmae}}”, line 1, character 6.');
  const field = aki.page.getByLabel('Text');
  await expect(field).toBeFocused();
  await aki.page.keyboard.press('Delete');
  await aki.page.getByRole('button', { name: 'visitor.name', exact: true }).click();
  await expect(field).toHaveValue('Dear {{visitor.name}},\nyour order is on its way.');
  await aki.page.getByRole('button', { name: 'Save' }).click();
  await expect(aki.page.getByRole('heading', { name: title })).toBeVisible();
  await writeMacro(aki.page, `${title} by mail`, 'I write to {{visitor.email}}.');
  await expect(aki.page.getByRole('heading', { name: `${title} by mail` })).toBeVisible();
  await writeMacro(aki.page, title.toUpperCase(), 'x');
  await expect(aki.page.getByText('There is one of this name already.')).toBeVisible();
  const another = stage.named('Pickup');
  await aki.page.getByLabel('Title').fill(another);
  await aki.page.getByRole('button', { name: 'Save' }).click();
  await expect(aki.page.getByRole('heading', { name: another })).toBeVisible();

  await aki.inboxLink.click();
  await aki.take(chat.name);
  await aki.composer.pressSequentially('Hello! /deliv');
  const list = aki.page.getByRole('listbox', { name: 'Macros' });
  const option = (name: string) => list.getByRole('option').filter({ hasText: name });
  await expect(option(title).first()).toContainText(`Dear ${chat.name}, your order is on its way.`);
  await expect(aki.composer).toHaveAttribute('aria-controls', 'macros');
  const active = async () => aki.page.locator(`#${await aki.composer.getAttribute('aria-activedescendant')}`);
  await expect(await active()).toHaveAttribute('aria-selected', 'true');
  await aki.composer.press('ArrowDown');
  await expect(await active()).toContainText('by mail');
  await aki.composer.press('ArrowUp');
  await aki.composer.press('Escape');
  await expect(list).toBeHidden();
  await aki.composer.press('y');
  await expect(list).toBeHidden();
  await aki.composer.press('ControlOrMeta+a');
  await aki.composer.pressSequentially('/deliv');
  await aki.composer.press('Enter');
  const filled = `Dear ${chat.name},\nyour order is on its way.`;
  await expect(aki.composer).toHaveValue(filled);
  await aki.composer.press('Enter');
  await aki.reads('Where is my desk?', GREETING, filled);
});

test('a value that is not known is never a silent gap', async ({ stage }) => {
  const aki = await stage.staff('aki');
  const chat = await stage.waiting('Lena', 'Could you write to me?');
  const title = stage.named('Mail');
  await aki.go('/settings/my-macros');
  await writeMacro(aki.page, title, 'I write to {{visitor.email}} today.');
  await expect(aki.page.getByRole('heading', { name: title })).toBeVisible();
  await aki.inboxLink.click();
  await aki.take(chat.name);
  // By the mouse this time.
  await aki.page.getByRole('button', { name: 'Reply templates' }).click();
  const search = aki.page.getByRole('combobox', { name: 'Search reply templates' });
  await expect(search).toBeFocused();
  await search.fill(title);
  await aki.page.getByRole('option').filter({ hasText: title }).click();
  await expect(aki.composer).toHaveValue('I write to {{visitor.email}} today.');
  expect(await selected(aki)).toBe('{{visitor.email}}');
  await expect(aki.status('The visitor’s e-mail address is not known')).toBeVisible();
  await aki.composer.press('Enter');
  const asked = aki.page.getByRole('alertdialog', { name: /^Not sent yet/ });
  await expect(asked.getByRole('button', { name: 'Edit' })).toBeFocused();
  await aki.page.keyboard.press('Escape');
  await expect(asked).toBeHidden();
  expect(await selected(aki)).toBe('{{visitor.email}}');
  await aki.page.keyboard.type('lena@example.org');
  await aki.composer.press('Enter');
  await expect(aki.said('I write to lena@example.org today.')).toBeVisible();
});

test('guarded words stop a message, and sending it anyway is told to staff only', async ({ stage, guard }) => {
  guard.expect(refused(409, 422));
  const ada = await stage.staff('admin');
  const aki = await stage.staff('aki');
  const word = `xylo${stage.named('').trim()}`;
  const name = stage.named('Instrument');
  await ada.go('/settings/guard');
  await ada.page.getByRole('button', { name: 'New rule' }).click();
  await ada.page.getByLabel('Name').fill(name);
  await ada.page.getByLabel('Reason').fill('Say music instead.');
  await ada.page.getByLabel('Looks for').selectOption('Own expression');
  await ada.page.getByLabel('Expression', { exact: true }).fill(`a(${word}`);
  await ada.page.getByRole('button', { name: 'Save' }).click();
  await expect(ada.page.getByText('This has no other half: “(”, character 2.')).toBeVisible();
  await ada.page.getByLabel('Looks for').selectOption('Words and phrases');
  await ada.page.getByLabel('Words', { exact: true }).fill(`${word}\n`);
  await ada.page.getByLabel('Try it').fill(`One ${word.toUpperCase()}, two ${word}s`);
  await ada.page.getByRole('button', { name: 'Look for it' }).click();
  await expect(ada.page.getByText('Found once:')).toBeVisible();
  await expect(ada.page.locator('mark')).toHaveText(word.toUpperCase());

  // Somebody who has opened the chat before the rule was made meets the server's answer.
  const lena = await stage.visitor();
  await lena.begin('Do you sell music?');
  await aki.go();
  await aki.take(lena.name);
  await ada.page.getByRole('button', { name: 'Save' }).click();
  await expect(ada.page.getByRole('heading', { name })).toBeVisible();
  await aki.say(`We sell ${word}`);
  await expect(aki.item(`We sell ${word}`).getByRole('alert')).toContainText(`Not sent. ${name}: Say music instead.`);
  await aki.item(`We sell ${word}`).getByRole('button', { name: 'Edit' }).click();
  await expect(aki.composer).toHaveValue(`We sell ${word}`);
  await expect(aki.composer).toBeFocused();

  // From now on the browser knows it.
  await aki.reload();
  await expect(aki.composer).toHaveValue(`We sell ${word}`);
  await expect(aki.status('Say music instead.')).toBeVisible();
  await expect(aki.page.locator('.dk-composer mark')).toHaveText(word);
  await aki.composer.press('Enter');
  const asked = aki.page.getByRole('alertdialog', { name: /^Not sent yet/ });
  await aki.page.keyboard.press('Enter');
  await expect(asked).toBeHidden();
  expect(await selected(aki)).toBe(word);
  await aki.composer.press('Enter');
  await asked.getByRole('button', { name: 'Send anyway' }).click();
  await expect(aki.log.getByText(`You sent the message above although the guard found: ${name}`)).toBeVisible();
  await expect(lena.turn(`We sell ${word}`)).toBeVisible();
  await expect(lena.panel.getByText('the guard found')).toHaveCount(0);

  await ada.page.getByRole('button', { name: `Delete ${name}` }).click();
  await ada.page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(ada.page.getByRole('heading', { name })).toBeHidden();
});

test('what is pasted becomes text that keeps lines, lists and links; nothing is lost on failure', async ({ stage, guard }) => {
  const aki = await stage.staff('aki');
  const chat = await stage.waiting('Kim', 'What is in the box?');
  await aki.go();
  await aki.take(chat.name);
  await aki.composer.fill('Look: ');
  const page =
    '<style>p{color:red}</style><p>In the box:</p><ul><li>legs</li><li><b>top</b></li></ul><p>See <a href="https://oak.example/desk">the page</a>.</p>';
  await paste(aki, page, 'In the box: legs top See the page.');
  await expect(aki.composer).toHaveValue('Look: In the box:\n\n- legs\n- top\n\nSee the page (https://oak.example/desk).');
  await aki.composer.press('ControlOrMeta+z');
  await expect(aki.composer).toHaveValue('Look: In the box: legs top See the page.');

  guard.expect(/net::ERR_FAILED/);
  await aki.page.route('**/api/clean-up', (route) => route.abort());
  await aki.composer.fill('');
  await paste(aki, '<p>One</p><p>Two</p>', 'One Two');
  await expect(aki.status('Pasted as plain text, not cleaned up')).toBeVisible();
  await expect(aki.composer).toHaveValue('One Two');
  await aki.page.unroute('**/api/clean-up');

  await aki.composer.fill('<p>One</p>\n<p>Two &amp; 1 < 2</p>');
  await aki.page.getByRole('button', { name: 'Clean up input' }).click();
  await expect(aki.composer).toHaveValue('One\n\nTwo & 1 < 2');
  await aki.composer.fill('Spaces   \n\n\n\nand\u00a0more');
  await aki.page.getByRole('button', { name: 'Clean up input' }).click();
  await expect(aki.composer).toHaveValue('Spaces\n\nand more');
  await aki.page.getByRole('button', { name: 'Clean up input' }).click();
  await expect(aki.status('There is nothing to clean up.')).toBeVisible();
});

test('an emoji is found by its name, by keyboard alone', async ({ stage }) => {
  const aki = await stage.staff('aki');
  const chat = await stage.waiting('Kim', 'Did it arrive?');
  const fetched: string[] = [];
  aki.page.on('request', (request) => {
    if (request.url().includes('emoji')) fetched.push(request.url());
  });
  await aki.go();
  await aki.take(chat.name);
  await aki.composer.fill('It did ');
  const keys = aki.page.keyboard;
  expect(fetched, 'nothing is fetched before somebody asks').toEqual([]);
  for (const tool of ['Attach files', 'Reply templates', 'Emoji']) {
    await keys.press('Tab');
    await expect(aki.page.getByRole('button', { name: tool })).toBeFocused();
  }
  await keys.press('Enter');
  const search = aki.page.getByRole('combobox', { name: 'Search emoji' });
  await expect(search).toBeFocused();
  await expect(aki.page.getByRole('option', { name: /^grinning face happy/ })).toHaveAttribute('aria-selected', 'true');
  await keys.press('ArrowRight');
  await keys.press('ArrowDown');
  await expect(aki.page.locator('#emoji-10')).toHaveAttribute('aria-selected', 'true');
  await keys.type('thumbs up');
  await expect(aki.page.getByRole('listbox', { name: 'Emoji' }).getByRole('option')).toHaveCount(1);
  await keys.press('Enter');
  await expect(aki.composer).toHaveValue('It did 👍');
  await expect(aki.composer).toBeFocused();
  await aki.page.getByRole('button', { name: 'Emoji' }).click();
  await expect(search).toBeFocused();
  await keys.press('Escape');
  await expect(search).toBeHidden();
  await expect(aki.composer).toBeFocused();
  expect(fetched).toHaveLength(1);
});
