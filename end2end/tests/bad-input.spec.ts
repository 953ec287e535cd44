import { NO_SERVER, expect, test } from './stage/fixtures.ts';
import { GREETING } from './stage/visitor.ts';

const TOO_LONG = 'x'.repeat(10_001);

test('a text that is too long is told so, and kept', async ({ stage }) => {
  const lena = await stage.visitor({ name: 'Lena' });
  const aki = await stage.staff('aki');
  await aki.go();
  await lena.arrive();
  await lena.openChat();
  await lena.form.name.fill('n'.repeat(200));
  await lena.form.question.fill(TOO_LONG);
  await lena.form.start.click();
  await expect(lena.panel.getByText('This is too long.')).toHaveCount(2);
  await expect(lena.form.question).toHaveValue(TOO_LONG);
  await lena.ask('Short enough?');

  await lena.composer.fill(TOO_LONG);
  await lena.composer.press('Enter');
  await expect(lena.panel.getByRole('alert').filter({ hasText: 'This message is too long.' })).toBeVisible();
  await expect(lena.composer).toHaveValue(TOO_LONG);
  await lena.composer.fill(TOO_LONG.slice(1));
  await expect(lena.panel.getByText('This message is too long.')).toBeHidden();
  await lena.composer.press('Enter');
  await expect(lena.said('x'.repeat(10_000))).toBeVisible();

  await aki.take(lena.name);
  await aki.composer.fill(TOO_LONG);
  await expect(aki.status('Too long to send')).toBeVisible();
  await expect(aki.page.getByText('10,001 / 10,000')).toBeVisible();
  await expect(aki.sendButton).toBeDisabled();
  await aki.composer.press('Enter');
  await expect(aki.composer).toHaveValue(TOO_LONG);
  await aki.composer.fill('y'.repeat(10_000));
  await aki.composer.press('Enter');
  await expect(lena.said('y'.repeat(10_000))).toBeVisible();
});

test('nothing but blanks is no message', async ({ stage }) => {
  const lena = await stage.visitor({ name: 'Lena' });
  const aki = await stage.staff('aki');
  await aki.go();
  await lena.begin('Is silence golden?');
  await lena.composer.fill(' \n\u200B ');
  await lena.composer.press('Enter');
  await aki.take(lena.name);
  await aki.composer.fill('  ');
  await expect(aki.sendButton).toBeDisabled();
  await aki.composer.press('Enter');
  await aki.say('It is.');
  await lena.reads('Is silence golden?', GREETING, 'It is.');
});

test('whoever writes too fast is slowed down, and nothing is lost', async ({ stage }) => {
  const lena = await stage.visitor({ name: 'Lena' });
  await lena.begin('Can you keep up?');
  const flood = Array.from({ length: 26 }, (_, n) => `Flood ${n + 1}`);
  // Faster than any keyboard.
  await lena.composer.evaluate((field, texts) => {
    const composer = field as HTMLTextAreaElement;
    for (const text of texts) {
      composer.value = text;
      composer.form!.requestSubmit();
    }
  }, flood);
  await expect(lena.log.getByText(/A little too fast\. Goes out in \d+ s\./).first()).toBeVisible();
  await expect(lena.log.getByText(/A little too fast/)).toHaveCount(0, { timeout: 30_000 });
  await expect(lena.turn('Flood 26')).toContainText('Sent');
  await lena.reads('Can you keep up?', GREETING, ...flood);
  await lena.page.reload();
  await lena.reads('Can you keep up?', GREETING, ...flood);
});

test('a message that comes too late for its chat is kept and offers to resume', async ({ stage, guard }) => {
  const line = await stage.line();
  const lena = await stage.visitor({ name: 'Lena', line });
  const aki = await stage.staff('aki');
  await aki.go();
  await lena.begin('Are you open?');
  await aki.take(lena.name);
  await aki.say('Until six.');
  await expect(lena.said('Until six.')).toBeVisible();
  guard.expect(NO_SERVER);
  line.cut();
  await expect(lena.panel.getByRole('status').filter({ hasText: 'No connection.' })).toBeVisible();
  await lena.say('And on Sundays?');
  await aki.end();
  await expect(aki.page.getByText('This chat has ended')).toBeVisible();
  line.mend();

  const late = lena.turn('And on Sundays?');
  await expect(late.getByRole('alert')).toHaveText('Not sent: the chat has ended.', { timeout: 30_000 });
  await late.getByRole('button', { name: 'Resume this chat' }).click();
  await expect(lena.composer).toBeVisible();
  await expect(lena.turn('And on Sundays?')).toContainText('Sent');
  await aki.tab('Incoming').click();
  await aki.take(lena.name);
  await aki.reads('Are you open?', GREETING, 'Until six.', 'And on Sundays?');
  await lena.reads('Are you open?', GREETING, 'Until six.', 'And on Sundays?');
});

test('a chat that cannot be started keeps the form and says so', async ({ stage, guard }) => {
  const line = await stage.line();
  const lena = await stage.visitor({ name: 'Lena', line });
  await lena.arrive();
  await lena.openChat();
  await lena.form.name.fill(lena.name);
  await lena.form.question.fill('Does this get through?');
  guard.expect(NO_SERVER);
  line.cut();
  await lena.form.start.click();
  await expect(lena.panel.getByRole('alert').filter({ hasText: 'No connection. Your text is kept' })).toBeVisible();
  await expect(lena.form.question).toHaveValue('Does this get through?');
  line.mend();
  await lena.form.start.click();
  await lena.reads('Does this get through?', GREETING);
});

test('a token that the server does not know leads to the form again, with the words kept', async ({ stage, server, guard }) => {
  guard.expect(/WebSocket|status of 401/);
  const lena = await stage.visitor({ name: 'Lena' });
  await lena.begin('Who am I?');
  await lena.composer.fill('Half written');
  const frame = lena.page.frames().find((frame) => frame.url().startsWith(server.dashboard))!;
  await frame.waitForFunction(() => Object.keys(localStorage).some((key) => key.endsWith('.draft')));
  await frame.evaluate(() => {
    const key = Object.keys(localStorage).find((name) => name.endsWith('.token'))!;
    localStorage.setItem(key, 'A'.repeat(localStorage.getItem(key)!.length));
  });
  await lena.page.reload();
  await expect(lena.form.heading).toBeVisible();
  await expect(lena.form.question).toHaveValue('Half written');
});
