// Visitors send pictures: chosen, pasted or dropped, and looked at first.

import { accessible } from './stage/axe.ts';
import { carry, png } from './stage/files.ts';
import { expect, test } from './stage/fixtures.ts';
import { allow, talking, Tray } from './stage/sending.ts';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

test('pictures are chosen, pasted or dropped, looked at, and the agent sees them', async ({ stage }) => {
  const asked: string[] = [];
  const lena = await stage.visitor({
    name: 'Lena',
    before: () => {
      const held = new Set<string>();
      const { createObjectURL, revokeObjectURL } = URL;
      URL.createObjectURL = (thing: Blob) => {
        const url = createObjectURL.call(URL, thing);
        held.add(url);
        return url;
      };
      URL.revokeObjectURL = (url) => {
        held.delete(url);
        revokeObjectURL.call(URL, url);
      };
      Object.assign(window, { held });
    },
  });
  lena.page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const aki = await stage.staff('aki');
  const tray = new Tray(lena);
  await aki.go();
  await lena.begin('May I send a photo?');
  await aki.take(lena.name);
  await expect(lena.log.getByText(`${aki.name} joined`)).toBeVisible();
  await expect(tray.attach).toBeHidden();
  expect(asked.filter((path) => path.includes('widget-files')), 'nothing is loaded for what nobody may do').toEqual([]);

  await test.step('the button comes when the agent says so', async () => {
    await allow(aki);
    await expect(tray.attach).toBeVisible();
    await expect(lena.log.getByText(`${aki.name} lets you send pictures`)).toBeVisible();
  });

  await test.step('two are chosen; one is put back; nothing goes out before Send', async () => {
    await lena.composer.fill('Here are two of them');
    await tray.pick({ name: 'desk.png', buffer: png(900, 600) }, { name: 'wrong.png', buffer: png(30, 20) });
    await expect(tray.items).toHaveCount(2);
    await expect(tray.item('desk.png')).toContainText('PNG');
    await expect(tray.item('desk.png').locator('img')).toHaveJSProperty('naturalWidth', 900);
    await expect(tray.send).toBeFocused();
    await tray.remove('wrong.png').click();
    await expect(tray.items).toHaveCount(1);
    await expect(tray.remove('desk.png')).toBeFocused();
    expect(asked.filter((path) => path.includes('uploads'))).toEqual([]);
  });

  await test.step('sent, it stands on both sides; the words in the composer stay', async () => {
    await tray.send.click();
    await expect(lena.composer).toBeFocused();
    await expect(aki.log.getByRole('button', { name: 'Open picture desk.png' }).locator('img')).toHaveJSProperty('naturalWidth', 640);
    await tray.shown('desk.png');
    await expect(tray.region).toBeHidden();
    await expect(lena.panel.getByRole('status').filter({ hasText: 'desk.png is sent' })).toHaveCount(1);
    await expect(lena.composer).toHaveValue('Here are two of them');
    await expect(lena.turn('desk.png')).toContainText('Read');
  });

  await test.step('pasted into the composer: the keyboard stays where it was', async () => {
    await lena.composer.focus();
    await carry(lena.composer, 'paste', [{ name: 'screen.png', bytes: png(40, 30) }]);
    await expect(tray.item('screen.png')).toBeVisible();
    await expect(lena.composer).toBeFocused();
  });

  await test.step('dropped anywhere in the panel', async () => {
    const zone = lena.panel.getByText('Drop pictures here');
    await carry(lena.log, 'hover', [{ name: 'lamp.gif', bytes: png(50, 50) }]);
    await expect(zone).toBeVisible();
    await carry(lena.log, 'drop', [{ name: 'lamp.gif', bytes: png(50, 50) }]);
    await expect(zone).toBeHidden();
    await expect(tray.item('lamp.gif'), 'what it is, not what it is called').toContainText('PNG');
    await tray.send.click();
    await tray.shown('screen.png');
    await tray.shown('lamp.gif');
    await expect(aki.log.getByRole('button', { name: 'Open picture lamp.gif' })).toBeVisible();
  });

  await test.step('nothing is held for what has gone', async () => {
    const frame = lena.page.frames().find((frame) => frame.url().includes('/panel'))!;
    expect(await frame.evaluate(() => (window as never as { held: Set<string> }).held.size)).toBe(0);
  });
});

test('by keyboard alone, and nothing that axe knows stands against it', async ({ stage }) => {
  const [lena, aki, tray] = await talking(stage, { context: { reducedMotion: 'reduce' } });
  const keys = lena.page.keyboard;
  await lena.composer.focus();
  await keys.press('Tab');
  await expect(tray.attach).toBeFocused();
  const chooser = lena.page.waitForEvent('filechooser');
  await keys.press('Enter');
  await (await chooser).setFiles([
    { name: 'desk.png', mimeType: 'image/png', buffer: png(90, 60) },
    { name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('Dear customer,') },
  ]);
  await expect(tray.send).toBeFocused();
  await accessible('pictures to send', lena.page);
  await keys.press('Shift+Tab');
  await keys.press('Shift+Tab');
  await expect(tray.remove('notes.png')).toBeFocused();
  await keys.press('Enter');
  await expect(tray.remove('desk.png')).toBeFocused();

  await test.step('Escape puts it back, and only then closes the panel', async () => {
    await keys.press('Escape');
    await expect(tray.region).toBeHidden();
    await expect(lena.composer).toBeFocused();
    const again = lena.page.waitForEvent('filechooser');
    await keys.press('Tab');
    await keys.press('Space');
    await (await again).setFiles({ name: 'desk.png', mimeType: 'image/png', buffer: png(90, 60) });
  });

  await test.step('Enter sends', async () => {
    const held: (() => void)[] = [];
    await lena.page.route('**/w/api/uploads/*', async (route) => {
      if (held.length === 0) await new Promise<void>((go) => held.push(go));
      return route.continue();
    });
    await expect(tray.send).toBeFocused();
    await keys.press('Enter');
    await expect(lena.composer).toBeFocused();
    await expect.poll(() => held.length).toBe(1);
    await accessible('a picture on its way', lena.page);
    for (const go of held) go();
    await tray.shown('desk.png');
    await expect(aki.log.getByRole('button', { name: 'Open picture desk.png' })).toBeVisible();
  });
});

test('on a phone, and from right to left', async ({ stage }) => {
  const [lena, , tray] = await talking(stage, { context: PHONE });
  await tray.pick({ name: 'a-very-long-name-of-a-picture-of-the-desk-in-the-living-room.png', buffer: png(90, 60) });
  const remove = tray.region.getByRole('button', { name: /^Remove/ });
  for (const target of [tray.send, tray.attach, remove]) {
    const { width, height } = (await target.boundingBox())!;
    expect(Math.min(width, height)).toBeGreaterThanOrEqual(44);
  }
  const places = async () => [(await tray.items.locator('.thumb').boundingBox())!.x, (await remove.boundingBox())!.x];
  const [thumb, cross] = await places();
  expect(thumb).toBeLessThan(cross!);
  await tray.region.evaluate(({ ownerDocument }) => (ownerDocument.documentElement.dir = 'rtl'));
  const [turned, crossed] = await places();
  expect(turned).toBeGreaterThan(crossed!);
  await tray.send.tap();
  await expect(tray.region).toBeHidden();
  await expect(lena.log.locator('a.file img')).not.toHaveJSProperty('naturalWidth', 0);
});
