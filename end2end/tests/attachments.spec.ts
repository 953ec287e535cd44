import { carry, png } from './stage/files.ts';
import { expect, NO_SERVER, refused, test } from './stage/fixtures.ts';

const PDF = Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n');

test('a file is looked at before it is sent, shown on both sides, and opened large', async ({ stage }) => {
  const lena = await stage.visitor({ name: 'Lena' });
  const aki = await stage.staff('aki');
  await lena.begin('Could you show me the desk?');
  await aki.go();
  await aki.take(lena.name);
  const { page } = aki;
  const tray = page.getByRole('region', { name: 'Files to send' });
  const input = page.locator('input[data-attach]');

  await test.step('nothing goes out before Send is pressed', async () => {
    await input.setInputFiles([
      { name: 'desk.png', mimeType: 'image/png', buffer: png(900, 600) },
      { name: 'manual.pdf', mimeType: 'application/pdf', buffer: PDF },
    ]);
    await expect(tray.getByRole('listitem')).toHaveCount(2);
    await expect(tray.getByRole('listitem').first()).toContainText('PNG');
    await expect(tray.locator('img')).toHaveJSProperty('naturalWidth', 900);
    await expect(tray.getByRole('button', { name: 'Send 2 files' })).toBeFocused();
    await expect(lena.log.locator('.file')).toHaveCount(0);
  });

  await test.step('Escape puts everything back', async () => {
    await page.keyboard.press('Escape');
    await expect(tray).toBeHidden();
    await expect(aki.composer).toBeFocused();
  });

  await test.step('sent, they stand on both sides', async () => {
    await input.setInputFiles([
      { name: 'desk.png', mimeType: 'image/png', buffer: png(900, 600) },
      { name: 'manual.pdf', mimeType: 'application/pdf', buffer: PDF },
    ]);
    await tray.getByRole('button', { name: 'Send 2 files' }).click();
    await expect(aki.log.getByRole('button', { name: 'Open picture desk.png' }).locator('img')).toHaveJSProperty(
      'naturalWidth',
      640,
    );
    await expect(aki.log.getByRole('link', { name: /manual\.pdf/ })).toContainText('PDF');
    await expect(tray).toBeHidden();
    await expect(lena.log.getByRole('img', { name: 'desk.png' })).toHaveJSProperty('naturalWidth', 640);
    await expect(lena.log.getByRole('link', { name: /manual\.pdf/ })).toHaveAttribute('href', /\/w\/files\//);
  });

  await test.step('the picture opens large, and the keyboard leads back', async () => {
    const small = aki.log.getByRole('button', { name: 'Open picture desk.png' });
    await small.focus();
    await page.keyboard.press('Enter');
    const large = page.getByRole('dialog', { name: 'Picture desk.png' });
    await expect(large.getByRole('img', { name: 'desk.png' })).toHaveJSProperty('naturalWidth', 900);
    await page.keyboard.press('Escape');
    await expect(large).toBeHidden();
    await expect(small).toBeFocused();
  });

  await test.step('what was written into the picture is gone', async () => {
    const address = await lena.log.locator('a.file').first().getAttribute('href');
    const kept = await (await page.request.get(new URL(address ?? '', page.url()).href)).body();
    expect(kept.includes('48.2082N')).toBe(false);
  });
});

test('files that cannot be sent say why, before or after they are sent', async ({ stage, guard }) => {
  const lena = await stage.visitor({ name: 'Lena' });
  const aki = await stage.staff('aki');
  await lena.begin('Hello?');
  await aki.go();
  await aki.take(lena.name);
  const tray = aki.page.getByRole('region', { name: 'Files to send' });
  const input = aki.page.locator('input[data-attach]');
  const file = (name: string, text: string) => ({ name, mimeType: 'image/png', buffer: Buffer.from(text, 'latin1') });

  await test.step('by their first bytes, whatever their names say', async () => {
    await input.setInputFiles([
      file('logo.png', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
      file('page.png', '<!doctype html><script>alert(1)</script>'),
      file('tool.png', 'MZ\x90\x00\x03\x00'),
      file('empty.png', ''),
    ]);
    const alert = (name: string) => tray.getByRole('listitem').filter({ hasText: name }).getByRole('alert');
    await expect(alert('logo.png')).toContainText('SVG drawings can hold scripts');
    await expect(alert('page.png')).toContainText('Web pages can hold scripts');
    await expect(alert('tool.png')).toContainText('Files of this type cannot be sent');
    await expect(alert('empty.png')).toHaveText('The file is empty.');
    await expect(tray.getByRole('button', { name: /^Send/ })).toBeHidden();
    await tray.getByRole('button', { name: 'Cancel' }).click();
    await expect(tray).toBeHidden();
  });

  await test.step('by what the server finds in them', async () => {
    guard.expect(refused(422));
    await input.setInputFiles([file('cat.gif', 'GIF89a/*\x00\x01\x00\x00\x00;*/=alert(1)//')]);
    await tray.getByRole('button', { name: 'Send file' }).click();
    await expect(tray.getByRole('alert')).toContainText('The file hides a second one');
    await tray.getByRole('button', { name: 'Remove cat.gif' }).click();
    await expect(tray).toBeHidden();
    await expect(lena.log.locator('.file')).toHaveCount(0);
  });
});

test('files come by paste and by drop; on a bad line they wait, go on, and can be stopped', async ({ stage, guard }) => {
  guard.expect(NO_SERVER);
  const lena = await stage.visitor({ name: 'Lena' });
  const aki = await stage.staff('aki');
  await lena.begin('Could you send me the manual?');
  await aki.go();
  await aki.take(lena.name);
  const { page } = aki;
  const tray = page.getByRole('region', { name: 'Files to send' });
  const line = (name: string) => tray.getByRole('listitem').filter({ hasText: name });

  await test.step('pasted into the composer and dropped anywhere, they are looked at first', async () => {
    await aki.composer.focus();
    await carry(page.locator('#composer'), 'paste', [{ name: 'screen.png', bytes: png(40, 30) }]);
    await expect(line('screen.png')).toContainText('PNG');
    await carry(page.locator('body'), 'drop', [{ name: 'manual.pdf', bytes: PDF }]);
    await expect(line('manual.pdf')).toContainText('PDF');
    await expect(tray.getByRole('button', { name: 'Send 2 files' })).toBeVisible();
  });

  await test.step('one that could not begin says so, and Retry sends it', async () => {
    await page.route('**/api/begin-upload', (route) => route.abort());
    await tray.getByRole('button', { name: 'Send 2 files' }).click();
    await expect(line('screen.png').getByRole('alert')).toContainText('Not sent. There is no connection.');
    await expect(line('manual.pdf').getByRole('alert')).toContainText('Not sent.');
    await page.unroute('**/api/begin-upload');
    await line('screen.png').getByRole('button', { name: 'Retry' }).click();
    await expect(lena.log.getByRole('img', { name: 'screen.png' })).toBeVisible();
    await line('manual.pdf').getByRole('button', { name: 'Retry' }).click();
    await expect(lena.log.getByRole('link', { name: /manual\.pdf/ })).toBeVisible();
    await expect(tray).toBeHidden();
  });

  await test.step('a line that breaks in the middle goes on by itself, and what arrives is whole', async () => {
    const big = Buffer.concat([PDF.subarray(0, -6), Buffer.from(`%${'x'.repeat(900_000)}\n%%EOF\n`)]);
    let broken = 0;
    await page.route('**/agent/uploads/*', (route) => (broken++ === 1 ? route.abort() : route.continue()));
    await page.locator('input[data-attach]').setInputFiles([{ name: 'catalogue.pdf', mimeType: 'application/pdf', buffer: big }]);
    await tray.getByRole('button', { name: 'Send file' }).click();
    const sent = lena.log.getByRole('link', { name: /catalogue\.pdf/ });
    await expect(sent).toBeVisible();
    expect(broken, 'several pieces, one of them twice').toBeGreaterThan(2);
    const address = new URL((await sent.getAttribute('href')) ?? '', page.url()).href;
    expect((await (await page.request.get(address)).body()).equals(big)).toBe(true);
    await page.unroute('**/agent/uploads/*');
  });

  await test.step('one that is on its way can be stopped, and never arrives', async () => {
    let held = () => {};
    const holds = new Promise<void>((resolve) => (held = resolve));
    await page.route('**/agent/uploads/*', async (route) => {
      await holds;
      await route.abort();
    });
    await page.locator('input[data-attach]').setInputFiles([{ name: 'wrong.pdf', mimeType: 'application/pdf', buffer: PDF }]);
    await tray.getByRole('button', { name: 'Send file' }).click();
    const dropped = page.waitForResponse('**/api/drop-upload');
    await tray.getByRole('button', { name: 'Stop sending wrong.pdf' }).click();
    expect((await dropped).status()).toBe(200);
    held();
    await expect(tray).toBeHidden();
    await aki.say('Here is the catalogue.');
    await expect(lena.said('Here is the catalogue.')).toBeVisible();
    await expect(lena.log.getByText('wrong.pdf')).toHaveCount(0);
  });
});

test('the agent lets the visitor send pictures, by keyboard', async ({ stage }) => {
  const lena = await stage.visitor({ name: 'Lena' });
  const aki = await stage.staff('aki');
  await lena.begin('May I send a photo?');
  await aki.go();
  await aki.take(lena.name);
  const menu = aki.page.getByRole('button', { name: 'Chat menu' });
  await menu.focus();
  await aki.page.keyboard.press('Enter');
  const allow = aki.page.getByRole('menuitemcheckbox', { name: /Allow attachments/ });
  await expect(aki.page.getByRole('menuitem', { name: 'Transfer…' })).toBeFocused();
  for (let n = 0; n < 3; n++) await aki.page.keyboard.press('ArrowDown');
  await expect(allow).toBeFocused();
  await expect(allow).not.toBeChecked();
  await aki.page.keyboard.press('Enter');
  await expect(menu).toBeFocused();
  await expect(aki.log.getByText('You allowed attachments')).toBeVisible();
  await expect(lena.log.getByText(`${aki.name} lets you send pictures`)).toBeVisible();
  await menu.click();
  await expect(allow).toBeChecked();
  await aki.page.keyboard.press('Escape');
  await expect(allow).toBeHidden();
});
