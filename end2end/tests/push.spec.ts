// Whoever has no tab on a screen is reached by Web Push: from the server through a push service to the service worker.

import { expect, test } from './stage/fixtures.ts';
import { PushService } from './stage/push-service.ts';

test('a chat that rings while no tab is open is pushed, and the system announces it', async ({ stage }) => {
  const service = await PushService.open();
  try {
    const aki = await stage.staff('aki', { permissions: ['notifications'] });
    await service.serve(aki.page.context());
    await aki.go('/settings/alerts');
    const line = aki.page
      .getByRole('region', { name: 'Does it work here?' })
      .getByRole('listitem')
      .filter({ hasText: /Push/ });
    await line.getByRole('button', { name: 'Turn on' }).click();
    await expect(line).toContainText('On in this browser.');
    await aki.page.reload();
    await expect(line, 'kept').toContainText('On in this browser.');
    const asked = await aki.page.evaluate(() => JSON.parse(localStorage.getItem('story-subscription') ?? 'null'));
    expect(asked.visible).toBe(true);
    const key = Buffer.from(asked.key).toString('base64url');

    // A page of the server, but none of the dashboard: within the grace Aki still has chats ring.
    await aki.page.goto(`${new URL(aki.page.url()).origin}/offline`);
    const lena = await stage.waiting('Lena', '<b>Is</b> the oak desk in stock?');
    await expect.poll(() => service.pushed.length).toBeGreaterThan(0);
    const [{ headers, text } = { headers: {}, text: '' }] = service.pushed;
    expect(headers).toMatchObject({ 'content-encoding': 'aes128gcm', urgency: 'high' });
    // Signed with the key that the page was given (RFC 8292).
    expect(headers.authorization).toMatch(/^vapid t=[\w-]+\.[\w-]+\.[\w-]+, ?k=/);
    expect(headers.authorization).toContain(`k=${key}`);
    expect(Number(headers.ttl), 'worth nothing any more when it waits no more').toBeLessThanOrEqual(300);

    await service.deliver(aki.page, text);
    const shown = () =>
      aki.page.evaluate(async () => {
        const all = await (await navigator.serviceWorker.ready).getNotifications();
        return all.map(({ title, body, tag, data, requireInteraction }) => ({ title, body, tag, url: data.url, requireInteraction }));
      });
    await expect.poll(shown).toEqual([
      {
        title: `${lena.name} is waiting`,
        body: expect.stringContaining('<b>Is</b> the oak desk in stock?'),
        tag: lena.session,
        url: expect.stringMatching(/^\/inbox/),
        requireInteraction: true,
      },
    ]);

    // Turned off, nothing comes any more.
    await aki.go('/settings/alerts');
    await line.getByRole('button', { name: 'Turn off' }).click();
    await expect(line).toContainText('Not set up in this browser.');
  } finally {
    await service.close();
  }
});
