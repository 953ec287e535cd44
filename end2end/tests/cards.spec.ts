// Numbers of payment cards do not leave the browser, where the site says so.

import { expect, test } from './stage/fixtures.ts';
import { setSite } from './stage/sites.ts';

test.afterEach(({ server }) => setSite(server, { mask_cards: false }));

const CARD = '4111 1111 1111 1111';

test('a card number is masked before it is sent, in the form and in the chat', async ({ stage, server }) => {
  await setSite(server, { mask_cards: true });
  const aki = await stage.staff('aki');
  await aki.go();
  const lena = await stage.visitor({ name: 'Lena' });
  const sent: string[] = [];
  lena.page.on('request', (request) => sent.push(request.postData() ?? ''));
  lena.page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => sent.push(payload.toString())));
  await lena.arrive();
  await lena.openChat();
  await lena.form.name.fill(lena.name);
  await lena.form.question.fill(`My card ${CARD} was charged twice`);
  await lena.form.start.click();
  await expect(lena.said('My card •••• 1111 was charged twice')).toBeVisible();
  await lena.say(`It is ${CARD.replace(/ /g, '-')}, 12/27.`);
  await expect(lena.said('It is •••• 1111, 12/27.')).toBeVisible();
  await aki.take(lena.name);
  await expect(aki.said('My card •••• 1111 was charged twice')).toBeVisible();
  await expect(aki.said('It is •••• 1111, 12/27.')).toBeVisible();
  expect(sent.join('\n')).toContain('•••• 1111');
  expect(sent.join('\n').replace(/\D/g, ''), 'not even in parts').not.toContain('41111111');

  // Whoever talks to the API is not asked whether they have a browser.
  const script = await stage.waiting('Script', `And ${CARD}`);
  await script.say(`again ${CARD}`);
  await aki.tab('Incoming').click();
  await aki.open(script.name);
  await expect(aki.page.getByText('And •••• 1111').last()).toBeVisible();
  await expect(aki.page.getByText(CARD)).toBeHidden();
});

test('the browser masks what the server would', async ({ stage, server }) => {
  await setSite(server, { mask_cards: true });
  const lena = await stage.visitor({ name: 'Lena' });
  await lena.arrive();
  await lena.openChat();
  const mask = (text: string) =>
    lena.form.heading.evaluate((_, text) => (self as unknown as { maskCards(text: string): string }).maskCards(text), text);
  // The cases of the tests of `domain::mask_cards`.
  for (const [text, masked] of [
    ['Visa 4111 1111 1111 1111, Amex 378282246310005!', 'Visa •••• 1111, Amex •••• 0005!'],
    ['my 12 4111111111111111 12/27', 'my 12 •••• 1111 12/27'],
    ['4111111111111111 12/27 737', '•••• 1111 12/27 737'],
    ['MC 5555-5555-5555-4444.', 'MC •••• 4444.'],
    ['4111-1111-1111-1111 '.repeat(3), '•••• 1111 '.repeat(3)],
  ]) {
    expect(await mask(text ?? '')).toBe(masked);
  }
  for (const none of ['', '4111 1111 1111 1112', '0000 0000 0000 0000', '411111111111111', '4111 1111\n1111 1111', 'call +49 1512 3456786']) {
    expect(await mask(none)).toBe(none);
  }
});
