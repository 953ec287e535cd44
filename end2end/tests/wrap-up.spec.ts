import { expect, test } from './stage/fixtures.ts';

test.afterEach(({ server }) => server.setQueue({ rules: { wrap_up: 'none' } }));

test('a manual wrap-up lasts until Close, and the visitor has long been told', async ({ stage, server }) => {
  await server.setQueue({ rules: { wrap_up: 'manual' } });
  const lena = await stage.visitor({ name: 'Lena' });
  const aki = await stage.staff('aki');
  await aki.go();
  await lena.begin('Is it dishwasher safe?');
  await aki.take(lena.name);
  await aki.say('It is.');
  await aki.end();

  // Over for the visitor; for the agent it still stands among the active ones.
  await expect(lena.rating.group).toBeVisible();
  await expect(aki.page.getByText('This chat has ended: handled by an agent.')).toBeVisible();
  const close = aki.page.getByRole('main').getByRole('button', { name: 'Close', exact: true });
  await expect(close).toBeVisible();
  await expect(aki.endButton).toBeHidden();
  await expect(aki.composer).toBeHidden();
  await expect(aki.row(lena.name)).toContainText('wrap-up');
  await aki.reload();
  await expect(close).toBeVisible();
  await close.click();
  await expect(close).toBeHidden();
  await expect(aki.log.getByText('You finished the wrap-up')).toBeVisible();
  await expect(aki.row(lena.name)).toBeHidden();
  await aki.tab('Recent').click();
  await expect(aki.row(lena.name)).toContainText('You: It is.');
  await expect(lena.log).not.toContainText('wrap-up');
});

test('a timed wrap-up counts down, and ends by itself', async ({ stage, server }) => {
  await server.setQueue({ rules: { wrap_up: { timed: 5 } } });
  const aki = await stage.staff('aki');
  const chat = await stage.waiting('Kim', 'Does it squeak?');
  await aki.go();
  await aki.take(chat.name);
  await aki.say('Never.');
  await aki.end();
  await expect(aki.row(chat.name)).toContainText(/wrap-up 0:0[1-5]/);
  const close = aki.page.getByRole('main').getByRole('button', { name: 'Close', exact: true });
  await expect(close).toBeVisible();
  await expect(close).toBeHidden({ timeout: 15_000 });
  await expect(aki.row(chat.name)).toBeHidden();
  await expect(aki.log.getByText('The wrap-up is finished')).toBeVisible();
});

test('Close ends a timed wrap-up early', async ({ stage, server }) => {
  await server.setQueue({ rules: { wrap_up: { timed: 3_600 } } });
  const aki = await stage.staff('aki');
  const chat = await stage.waiting('Kim', 'Is it blue?');
  await aki.go();
  await aki.take(chat.name);
  await aki.end();
  await aki.page.getByRole('main').getByRole('button', { name: 'Close', exact: true }).click();
  await expect(aki.log.getByText('You finished the wrap-up')).toBeVisible();
});

test('a visitor who comes back during the wrap-up waits in the queue again', async ({ stage, server }) => {
  await server.setQueue({ rules: { wrap_up: 'manual' } });
  const lena = await stage.visitor({ name: 'Lena' });
  const aki = await stage.staff('aki');
  await aki.go();
  await lena.begin('Is it magnetic?');
  await aki.take(lena.name);
  await aki.end();
  await lena.panel.getByRole('button', { name: 'Resume this chat' }).click();
  await expect(aki.page.getByRole('main').getByRole('button', { name: 'Respond' })).toBeVisible();
  await expect(aki.page.getByRole('main').getByRole('button', { name: 'Close', exact: true })).toBeHidden();
});
