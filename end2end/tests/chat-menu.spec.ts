// What else can be done with a chat: taken along as a file, made quiet, its visitor kept out.

import { readFile } from 'node:fs/promises';
import { accessible } from './stage/axe.ts';
import { expect, test } from './stage/fixtures.ts';

test('a blocked visitor is out at once, and comes back when somebody lets them in', async ({ stage }) => {
  const aki = await stage.staff('aki');
  await aki.go();
  const lena = await stage.visitor({ name: 'Lena' });
  await lena.begin('You are all idiots.');
  await aki.take(lena.name);
  await aki.say('Please stay polite.');

  const ask = aki.page.getByRole('alertdialog', { name: `Block ${lena.name}?` });
  await aki.menu('Block visitor…');
  await expect(ask).toContainText('A chat that is going on ends at once.');
  await accessible('block dialog', aki.page);
  await ask.getByRole('button', { name: 'Keep them' }).click();
  await expect(ask).toBeHidden();
  await lena.say('Make me.');
  await expect(aki.said('Make me.')).toBeVisible();
  await aki.menu('Block visitor…');
  await ask.getByRole('button', { name: 'Block', exact: true }).click();

  await expect(aki.line(`You blocked ${lena.name}`)).toBeVisible();
  await expect(aki.page.getByText('This chat has ended: the visitor was blocked.')).toBeVisible();
  await expect(aki.customer).toContainText(`Blocked by ${aki.name}`);
  await expect(lena.log.getByText('This chat was closed')).toBeVisible();
  const anew = lena.panel.getByRole('button', { name: 'New chat' });
  const resume = lena.panel.getByRole('button', { name: 'Resume this chat' });
  await expect(anew).toBeHidden();
  await expect(resume).toBeHidden();
  await lena.page.reload();
  await lena.openChat();
  await expect(lena.log.getByText('This chat was closed')).toBeVisible();
  await expect(resume).toBeHidden();

  await aki.reload();
  await expect(aki.customer).toContainText(`Blocked by ${aki.name}`);
  await accessible('chat of a blocked visitor', aki.page);
  await aki.menu('Unblock visitor');
  await expect(aki.status('They may chat again')).toBeVisible();
  await expect(aki.customer).not.toContainText('Blocked by');
  await expect(resume).toBeVisible();
  await resume.click();
  await aki.tab('Incoming').click();
  await expect(aki.row(lena.name)).toBeVisible();
});

test('a chat is taken along as text, JSON and CSV', async ({ stage }) => {
  const aki = await stage.staff('aki');
  await aki.go();
  const lena = await stage.waiting('Lena', '=1+1 in oak?');
  await aki.take(lena.name);
  await aki.say('Two of them, then.');
  await expect(aki.said('Two of them, then.')).toBeVisible();
  const saved = async (word: string): Promise<{ name: string; text: string }> => {
    await aki.page.getByRole('button', { name: 'Chat menu' }).click();
    const coming = aki.page.waitForEvent('download');
    await aki.page.getByRole('menuitem', { name: word, exact: true }).click();
    const file = await coming;
    await expect(aki.page.getByRole('menu', { name: 'Chat menu' })).toBeHidden();
    return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
  };
  const text = await saved('Text');
  expect(text.name).toMatch(/^chat-Lena-.*-\d{4}-\d\d-\d\d\.txt$/);
  expect(text.text).toContain(`Chat with ${lena.name}`);
  expect(text.text).toContain(`${lena.name}: =1+1 in oak?`);
  expect(text.text).toContain(`${aki.name}: Two of them, then.`);
  const json = JSON.parse((await saved('JSON')).text) as { events: { kind: string; text: string }[] };
  expect(json.events.filter(({ kind }) => kind === 'message').map((event) => event.text)).toContain('Two of them, then.');
  expect((await saved('CSV')).text).toContain(`"'=1+1 in oak?"`);
  // The page is where it was.
  await expect(aki.composer).toBeVisible();
});

test('the sounds of one chat are switched off, and stay so', async ({ stage }) => {
  const aki = await stage.staff('aki');
  await aki.go();
  const lena = await stage.waiting('Lena', 'Hello?');
  await aki.take(lena.name);
  const item = aki.page.getByRole('menuitemcheckbox', { name: /^Sounds/ });
  const open = () => aki.page.getByRole('button', { name: 'Chat menu' }).click();
  await open();
  await expect(item).toHaveAttribute('aria-checked', 'true');
  await accessible('chat menu', aki.page);
  await item.click();
  await aki.reload();
  await open();
  await expect(item).toHaveAttribute('aria-checked', 'false');
  await item.click();
  await open();
  await expect(item).toHaveAttribute('aria-checked', 'true');
});
