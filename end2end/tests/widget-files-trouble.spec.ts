// Pictures that are not sent, or not at once: refused with a reason, held up by a bad line, switched off meanwhile.

import { carry, png } from './stage/files.ts';
import { expect, NO_SERVER, refused, test } from './stage/fixtures.ts';
import { allow, OFF, talking, Tray } from './stage/sending.ts';

const text = (name: string, content: string) => ({ name, buffer: Buffer.from(content, 'latin1') });

test('what cannot be sent says why, before or after it is sent', async ({ stage, guard }) => {
  const [lena, , tray] = await talking(stage);

  await test.step('by the first bytes, whatever the names say', async () => {
    await tray.pick(
      text('notes.png', 'Dear customer,'),
      text('logo.png', '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
      text('page.png', '\n<!doctype html><script>alert(1)</script>'),
      text('empty.png', ''),
      text('film.png', '\0\0\0\x18ftypisom\0\0\x02\0isomiso2'),
    );
    await expect(tray.alert('notes.png')).toHaveText('Only JPEG, PNG and GIF pictures can be sent here.');
    await expect(tray.alert('logo.png')).toContainText('can hold scripts');
    await expect(tray.alert('page.png')).toContainText('can hold scripts');
    await expect(tray.alert('empty.png')).toHaveText('This file is empty.');
    await expect(tray.alert('film.png')).toContainText('Only JPEG, PNG and GIF');
    await expect(tray.send).toBeHidden();
    await tray.region.getByRole('button', { name: 'Cancel' }).click();
    await expect(tray.region).toBeHidden();
    await expect(lena.composer).toBeFocused();
  });

  await test.step('by its length: more than the site takes, and more than ten', async () => {
    await lena.composer.evaluate((element) => {
      const carried = new DataTransfer();
      const megabyte = new Blob(['\x89PNG\r\n\x1a\n', new Uint8Array(1024 * 1024)]);
      carried.items.add(new File(Array.from({ length: 151 }, () => megabyte), 'poster.png'));
      element.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: carried }));
    });
    await expect(tray.alert('poster.png')).toHaveText('Larger than 150 MB, which is the most here.');
    await tray.remove('poster.png').click();
    await expect(tray.attach).toBeFocused();
    await tray.pick(...Array.from({ length: 11 }, (_, n) => ({ name: `${n}.png`, buffer: png(8, 8) })));
    await expect(lena.panel.getByText('No more than 10 pictures at a time.')).toBeVisible();
    await expect(tray.items).toHaveCount(10);
    await tray.region.getByRole('button', { name: 'Cancel' }).click();
  });

  await test.step('by what the server finds', async () => {
    await tray.pick(
      text('cat.gif', 'GIF89a/*\x00\x01\x00\x00\x00;*/=alert(1)//'),
      { name: 'half.png', buffer: png(90, 60).subarray(0, 120) },
    );
    await tray.send.click();
    await expect(tray.alert('cat.gif')).toHaveText('Something else is hidden in this picture, so it is not sent.');
    await expect(tray.alert('half.png')).toHaveText('This picture is damaged or not complete.');
    await expect(tray.item('half.png').getByRole('button', { name: 'Retry' })).toBeHidden();
    await lena.say('Then without it.');
    await expect(lena.turn('Then without it.')).toContainText('Read');
    await expect(lena.log.locator('.file')).toHaveCount(0);
  });

  await test.step('a fault of the server’s can be tried again', async () => {
    guard.expect(refused(500));
    await tray.region.getByRole('button', { name: 'Cancel' }).click();
    await lena.page.route('**/w/api/uploads', (route) => route.fulfill({ status: 500, json: { error: 'internal' } }));
    await tray.pick({ name: 'lamp.png', buffer: png(20, 20) });
    await tray.send.click();
    await expect(tray.alert('lamp.png')).toHaveText('Not sent.');
    await lena.page.unroute('**/w/api/uploads');
    await tray.item('lamp.png').getByRole('button', { name: 'Retry' }).click();
    await tray.shown('lamp.png');
  });
});

test('a cut line pauses it, and it goes on where the server is; one on its way can be stopped', async ({ stage, guard }) => {
  const line = await stage.line();
  const [lena, aki, tray] = await talking(stage, { line });
  guard.expect(NO_SERVER);
  const bytes = png(900, 800, true);
  const offsets: number[] = [];
  let cut = false;
  lena.page.on('request', (request) => {
    if (request.method() === 'PUT') offsets.push(Number(request.headers()['upload-offset']));
  });
  await lena.page.route('**/w/api/uploads/*', (route) => {
    if (!cut && route.request().headers()['upload-offset'] && Number(route.request().headers()['upload-offset']) > 0) {
      cut = true;
      line.cut(/\/w\/api\//);
    }
    return route.continue();
  });

  await tray.pick({ name: 'poster.png', buffer: bytes });
  await tray.send.click();
  const progress = tray.region.getByRole('progressbar', { name: 'Sending poster.png' });
  await expect(tray.item('poster.png')).toContainText('Waiting to send');
  await expect(progress).toBeVisible();
  await lena.say('The line is bad.');
  line.mend();
  await tray.shown('poster.png');
  await expect(aki.said('The line is bad.')).toBeVisible();
  expect(new Set(offsets).size, 'it went on, not from the beginning').toBeGreaterThan(2);
  expect(offsets.filter((offset) => offset === 0)).toHaveLength(1);
  const address = await lena.log.locator('a.file').getAttribute('href');
  const kept = await (await aki.page.request.get(new URL(address!, stage.server.dashboard).href)).body();
  expect(kept.includes(bytes.subarray(200, bytes.length - 50)), 'whole').toBe(true);
  await expect(aki.log.getByRole('button', { name: 'Open picture poster.png' })).toHaveCount(1);

  await test.step('stopped, it never arrives', async () => {
    await lena.page.unroute('**/w/api/uploads/*');
    const held: (() => void)[] = [];
    await lena.page.route('**/w/api/uploads/*', async (route) => {
      if (route.request().method() !== 'PUT') return route.continue();
      await new Promise<void>((go) => held.push(go));
      return route.abort().catch(() => {});
    });
    await tray.pick({ name: 'wrong.png', buffer: png(60, 60) });
    await tray.send.click();
    await expect.poll(() => held.length).toBe(1);
    const gone = lena.page.waitForResponse((response) => response.request().method() === 'DELETE');
    await tray.region.getByRole('button', { name: 'Stop sending wrong.png' }).click();
    expect((await gone).status()).toBe(204);
    for (const go of held) go();
    await expect(tray.region).toBeHidden();
    await expect(tray.attach).toBeFocused();
    await lena.say('Not that one.');
    await expect(aki.said('Not that one.')).toBeVisible();
    await expect(aki.log.getByText('wrong.png')).toHaveCount(0);
  });
});

test('switched off meanwhile, what was not sent stays and says why; a reload leaves nothing half', async ({ stage, guard }) => {
  guard.expect(NO_SERVER);
  const [lena, aki, tray] = await talking(stage);
  const note = tray.region.getByText(OFF);
  await tray.pick({ name: 'lamp.png', buffer: png(30, 30) });
  await lena.composer.fill('Half a sen');
  await allow(aki);
  await expect(note).toBeVisible();
  await expect(tray.attach).toBeHidden();
  await expect(tray.send).toBeHidden();
  await expect(lena.composer).toHaveValue('Half a sen');
  await carry(lena.composer, 'paste', [{ name: 'more.png', bytes: png(9, 9) }]);
  await expect(lena.panel.getByRole('alert').filter({ hasText: OFF })).toHaveCount(2);
  await expect(tray.items).toHaveCount(1);

  await test.step('allowed again, it goes out', async () => {
    await allow(aki);
    await expect(note).toBeHidden();
    await tray.send.click();
    await tray.shown('lamp.png');
  });

  await test.step('also one that was on its way', async () => {
    const held: (() => void)[] = [];
    await lena.page.route('**/w/api/uploads/*', async (route) => {
      if (route.request().method() === 'PUT') await new Promise<void>((go) => held.push(go));
      return route.continue().catch(() => {});
    });
    await tray.pick({ name: 'chair.png', buffer: png(31, 31) });
    await tray.send.click();
    await expect.poll(() => held.length).toBe(1);
    await aki.end();
    await expect(tray.region.getByText('The chat has ended.')).toBeVisible();
    await expect(tray.remove('chair.png')).toBeVisible();
    for (const go of held) go();
    await lena.page.unroute('**/w/api/uploads/*');
  });

  await test.step('the chat goes on, and so do they once they may', async () => {
    await lena.panel.getByRole('button', { name: 'Resume this chat' }).click();
    await expect(lena.composer).toBeVisible();
    await expect(lena.composer).toHaveValue('Half a sen');
    await lena.page.reload();
    await expect(lena.composer).toHaveValue('Half a sen');
    await expect(tray.region).toBeHidden();
    await expect(lena.log.getByText('chair.png')).toHaveCount(0);
  });
});

test('where sockets are blocked, pictures get through all the same', async ({ stage, guard }) => {
  const line = await stage.line();
  line.socketsRefused = true;
  guard.expect(NO_SERVER);
  const lena = await stage.visitor({ name: 'Lena', line });
  const aki = await stage.staff('aki');
  const tray = new Tray(lena);
  await aki.go();
  await lena.begin('Is this an office?');
  await aki.take(lena.name);
  await expect(lena.log.getByText(`${aki.name} joined`)).toBeVisible({ timeout: 20_000 });
  await allow(aki);
  await expect(tray.attach).toBeVisible();
  await tray.pick({ name: 'desk.png', buffer: png(90, 60) }, text('cat.gif', 'GIF89a/*\x00\x01\x00\x00\x00;*/=alert(1)//'));
  guard.expect(refused(422));
  await tray.send.click();
  await tray.shown('desk.png');
  await expect(tray.alert('cat.gif')).toContainText('Something else is hidden');
  await expect(aki.log.getByRole('button', { name: 'Open picture desk.png' })).toBeVisible();
});

test('a script that did not come is asked for again', async ({ stage, guard }) => {
  guard.expect(NO_SERVER);
  const lena = await stage.visitor({ name: 'Lena' });
  const aki = await stage.staff('aki');
  const tray = new Tray(lena);
  let lost = 0;
  await lena.page.route(/widget-files\.[0-9a-f]+\.js/, (route) => (lost++ === 0 ? route.abort() : route.continue()));
  await aki.go();
  await lena.begin('May I send a photo?');
  await aki.take(lena.name);
  await allow(aki);
  await expect.poll(() => lost).toBe(1);
  await lena.say('Now?');
  await expect(tray.attach).toBeVisible({ timeout: 20_000 });
  await tray.pick({ name: 'desk.png', buffer: png(90, 60) });
  await tray.send.click();
  await tray.shown('desk.png');
});

test('files that are dropped where none may be sent say so, and do not open', async ({ stage }) => {
  const lena = await stage.visitor({ name: 'Lena' });
  const files = [{ name: 'desk.png', bytes: png(9, 9) }];
  await lena.arrive();
  await lena.openChat();
  await expect(lena.form.heading).toBeVisible();
  await carry(lena.form.question, 'drop', files);
  await expect(lena.panel.getByRole('alert').filter({ hasText: OFF })).toBeVisible();
  await lena.ask('Can you see it?');
  await carry(lena.log, 'hover', files);
  await expect(lena.panel.locator('.dropzone')).toHaveText(OFF);
  await carry(lena.log, 'drop', files);
  await expect(lena.panel.getByRole('alert').filter({ hasText: OFF })).toBeVisible();
  await lena.composer.fill('I see');
  await expect(lena.panel.getByRole('alert').filter({ hasText: OFF })).toHaveCount(0);
});
