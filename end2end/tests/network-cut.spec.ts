import { NO_SERVER, expect, test } from './stage/fixtures.ts';
import { GREETING } from './stage/visitor.ts';

const OFFLINE = 'No connection. Messages wait here.';

test('what is written without a connection waits, survives a reload, and goes out once, in order', async ({ stage, guard }) => {
  const line = await stage.line();
  const lena = await stage.visitor({ name: 'Lena', line });
  const aki = await stage.staff('aki');
  await aki.go();
  await lena.begin('Do you take cards?');
  await aki.take(lena.name);
  await aki.say('All of them.');
  await expect(lena.said('All of them.')).toBeVisible();

  guard.expect(NO_SERVER);
  // The pages still load, the chat's own line does not stand: a server that restarts behind its proxy looks like that.
  line.cut(/\/w\/api\//);
  await expect(lena.panel.getByRole('status').filter({ hasText: OFFLINE })).toBeVisible();
  const waiting = ['First without a line', 'Second without a line', 'Third without a line'];
  for (const text of waiting) await lena.say(text);
  // The state stands at the newest of those that share it.
  await expect(lena.turn(waiting.at(-1)!)).toContainText('Waiting to send');
  await aki.say('And cash.');

  await lena.page.reload();
  for (const text of waiting) await expect(lena.said(text)).toBeVisible();
  await expect(lena.turn(waiting.at(-1)!)).toContainText('Waiting to send');
  await lena.say('Fourth, after the reload');

  line.mend();
  const talk = ['Do you take cards?', GREETING, 'All of them.', 'And cash.', ...waiting, 'Fourth, after the reload'];
  await lena.reads(...talk);
  await aki.reads(...talk);
  await expect(lena.panel.getByText(OFFLINE)).toBeHidden();
  await expect(lena.turn('Fourth, after the reload')).toContainText('Read');
  await lena.page.reload();
  await lena.reads(...talk);
});

test('a laptop that loses the network says so, and is back as soon as the network is', async ({ stage, guard }) => {
  const line = await stage.line();
  const lena = await stage.visitor({ name: 'Lena', line });
  const aki = await stage.staff('aki');
  await aki.go();
  await lena.begin('Is there a lift?');
  await aki.take(lena.name);
  await expect(lena.log.getByText(`${aki.name} joined`)).toBeVisible();

  guard.expect(NO_SERVER);
  const network = async (on: boolean) => {
    if (on) line.mend();
    else line.cut();
    await lena.page.context().setOffline(!on);
  };
  await network(false);
  await expect(lena.panel.getByRole('status').filter({ hasText: OFFLINE })).toBeVisible();
  await lena.say('Sent in the tunnel');
  await aki.say('There is one.');
  await expect(aki.delivery('There is one.')).toHaveAccessibleName('Sent');
  await network(true);
  const talk = ['Is there a lift?', GREETING, 'There is one.', 'Sent in the tunnel'];
  await lena.reads(...talk);
  await aki.reads(...talk);
});

test('the agent loses the network: the bar says so, and everything written goes out once', async ({ stage, guard }) => {
  const line = await stage.line();
  const lena = await stage.visitor({ name: 'Lena' });
  const aki = await stage.staff('aki', { proxy: line.proxy });
  await aki.go();
  await lena.begin('Does it fold?');
  await aki.take(lena.name);

  guard.expect(NO_SERVER);
  line.cut();
  await expect(aki.status('Connection lost')).toBeVisible();
  await aki.say('It does.');
  await aki.say('In half.');
  await expect(aki.delivery('In half.')).toHaveAccessibleName('Sending');
  await lena.say('Hello?');
  line.mend();
  await expect(aki.status('Caught up')).toBeVisible({ timeout: 30_000 });
  const talk = ['Does it fold?', GREETING, 'Hello?', 'It does.', 'In half.'];
  await aki.reads(...talk);
  await lena.reads(...talk);
});
