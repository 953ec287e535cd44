import { expect, refused, test } from './stage/fixtures.ts';
import { GREETING } from './stage/visitor.ts';

test('who has the chat of a known person may read what colleagues said to them before', async ({ stage, guard }) => {
  const [aki, jo] = [await stage.staff('aki'), await stage.staff('jo')];
  await aki.go();
  const stranger = await stage.waiting('Kim', 'Whose is this?');
  await aki.take(stranger.name);
  await stranger.leave();
  const lena = await stage.visitor({ name: 'Lena' });
  await lena.begin('Do you sell spare legs?');
  await aki.tab('Incoming').click();
  await aki.take(lena.name);
  await expect(aki.customer).toContainText('First chat');
  await aki.say('We do, in beech.');
  await aki.end();
  const first = new URL(aki.page.url()).pathname;

  guard.expect(refused(404));
  await jo.go(first);
  await expect(jo.page.getByRole('heading', { name: 'This chat is not here for you' })).toBeVisible();

  await lena.panel.getByRole('button', { name: 'New chat' }).click();
  await lena.ask('The legs have come.');
  await jo.go();
  await jo.take(lena.name);
  await expect(jo.customer).toContainText('1 earlier chat');
  const earlier = jo.customer.getByRole('listitem').filter({ hasText: 'Do you sell spare legs?' });
  await expect(earlier).toContainText(aki.name);
  // It stands above the new one, and by itself behind the link.
  const above = jo.page.getByRole('region', { name: 'Earlier chat' });
  await expect(above.locator('.dk-bubble')).toHaveText(['Do you sell spare legs?', GREETING, 'We do, in beech.']);
  await expect(jo.page.getByRole('button', { name: 'Show the chat before' })).toBeHidden();
  await jo.reads('Do you sell spare legs?', GREETING, 'We do, in beech.', 'The legs have come.', GREETING);
  await expect(jo.said('The legs have come.'), 'one is at the end').toBeInViewport();
  await earlier.getByRole('link').click();
  await jo.reads('Do you sell spare legs?', GREETING, 'We do, in beech.');
  await expect(jo.composer).toBeHidden();
  await expect(jo.customer).toContainText('First chat');

  await jo.go(first.replace(/[^/]+$/, stranger.session));
  await expect(jo.page.getByRole('heading', { name: 'This chat is not here for you' })).toBeVisible();
});
