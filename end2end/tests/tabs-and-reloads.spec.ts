import { expect, test } from './stage/fixtures.ts';
import { GREETING } from './stage/visitor.ts';

test('both sides reload and see the same conversation', async ({ stage }) => {
  const lena = await stage.visitor({ name: 'Lena' });
  const aki = await stage.staff('aki');
  await aki.go();
  await lena.begin('Do you ship to Malta?');
  await aki.take(lena.name);
  await aki.say('We do.');
  await expect(lena.said('We do.')).toBeVisible();
  await lena.say('How long does it take?');
  const talk = ['Do you ship to Malta?', GREETING, 'We do.', 'How long does it take?'];
  await aki.reads(...talk);

  await aki.reload();
  await aki.reads(...talk);
  await lena.page.reload();
  // The panel was open, and is again, without the focus being taken from the page.
  await lena.reads(...talk);
  await expect(lena.log.getByText(`${aki.name} joined`)).toHaveCount(1);

  await aki.say('Five days.');
  await lena.reads(...talk, 'Five days.');
  await lena.say('Thank you!');
  await aki.reads(...talk, 'Five days.', 'Thank you!');
});

test('closed stays closed across pages, and the chat goes on', async ({ stage }) => {
  const lena = await stage.visitor({ name: 'Lena' });
  await lena.begin('Are you there?');
  await lena.closeChat();
  await lena.page.reload();
  await expect(lena.launcher).toHaveAccessibleName(/^Open chat/);
  await lena.openChat();
  await lena.reads('Are you there?', GREETING);
});

test('the same chat in two tabs of the visitor', async ({ stage }) => {
  const lena = await stage.visitor({ name: 'Lena' });
  const aki = await stage.staff('aki');
  await aki.go();
  await lena.begin('Which glue is it?');
  const second = await (await stage.again(lena)).arrive();
  await second.reads('Which glue is it?', GREETING);
  await aki.take(lena.name);
  // The order is that of the server: each is there before the next is written.
  await lena.say('From the first tab.');
  await expect(second.said('From the first tab.')).toBeVisible();
  await second.say('From the second tab.');
  await expect(aki.said('From the second tab.')).toBeVisible();
  await aki.say('Bone glue.');
  await expect(lena.said('Bone glue.')).toBeVisible();
  await lena.say('From the first again.');
  const talk = ['Which glue is it?', GREETING, 'From the first tab.', 'From the second tab.', 'Bone glue.', 'From the first again.'];
  await Promise.all([lena.reads(...talk), second.reads(...talk), aki.reads(...talk)]);

  await aki.end();
  await Promise.all([lena, second].map((tab) => expect(tab.rating.group).toBeVisible()));
});

test('the same chat in two tabs of the agent, with what is being written', async ({ stage }) => {
  const lena = await stage.visitor({ name: 'Lena' });
  const aki = await stage.staff('aki');
  await aki.go();
  await lena.begin('Can it be painted?');
  await aki.take(lena.name);
  await aki.composer.fill('It can, with');
  await expect(aki.status('Draft saved')).toBeVisible();

  const second = await stage.beside(aki, 'aki');
  await second.go(new URL(aki.page.url()).pathname);
  await expect(second.composer).toHaveValue('It can, with');
  await second.say('It can, with chalk paint.');
  await expect(aki.said('It can, with chalk paint.')).toBeVisible();
  await aki.say('Or with oil.');
  const talk = ['Can it be painted?', GREETING, 'It can, with chalk paint.', 'Or with oil.'];
  await Promise.all([aki.reads(...talk), second.reads(...talk), lena.reads(...talk)]);

  await second.composer.fill('Shall I');
  await expect(second.status('Draft saved')).toBeVisible();
  await second.reload();
  await expect(second.composer).toHaveValue('Shall I');
});
