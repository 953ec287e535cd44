import { expect, refused, test } from './stage/fixtures.ts';

test('two agents press Respond at once: one has the chat, the other is told who', async ({ stage, guard }) => {
  guard.expect(refused(409));
  const aki = await stage.staff('aki');
  const jo = await stage.staff('jo');
  await Promise.all([aki.go(), jo.go()]);

  for (const turn of ['first', 'second', 'third', 'fourth']) {
    const chat = await stage.waiting(`Race ${turn}`, 'Who is faster?');
    for (const agent of [aki, jo]) {
      await agent.tab('Incoming').click();
      await agent.open(chat.name);
    }
    const respond = await Promise.all(
      [aki, jo].map((agent) => agent.page.getByRole('main').getByRole('button', { name: 'Respond' }).elementHandle()),
    );
    // Without waiting for anything: the button of the slower one may be gone a moment later.
    await Promise.all(respond.map((button) => button!.evaluate((element) => (element as HTMLElement).click())));

    const won = await Promise.race([aki, jo].map((agent) => agent.composer.waitFor().then(() => agent)));
    const lost = won === aki ? jo : aki;
    await expect(lost.status(`${won.name} has it`)).toBeVisible();
    await expect(lost.composer).toBeHidden();
    await expect(lost.page.getByRole('main').getByRole('button', { name: 'Respond' })).toBeHidden();
    await lost.tab('Active').click();
    await expect(lost.row(chat.name)).toBeHidden();
    await won.tab('Active').click();
    await expect(won.row(chat.name)).toBeVisible();
    await chat.leave();
  }
});

test('whoever only looks on sees at once that a chat was taken', async ({ stage }) => {
  const aki = await stage.staff('aki');
  const jo = await stage.staff('jo');
  await Promise.all([aki.go(), jo.go()]);
  const chat = await stage.waiting('Nia', 'Anyone there?');
  await expect(jo.row(chat.name)).toBeVisible();
  const respond = aki.row(chat.name).getByRole('button', { name: 'Pick' });
  await aki.row(chat.name).hover();
  await respond.click();
  await expect(aki.composer).toBeFocused();
  await expect(jo.row(chat.name)).toBeHidden();
  await expect(jo.takeOldest).toBeHidden();
});
