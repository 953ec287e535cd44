import type { Locator, Page } from '@playwright/test';
import { expect, test } from './stage/fixtures.ts';
import { hostPage } from './stage/host-pages.ts';

const SCRIPT = '<script>window.pwned = 1</script><img src=x onerror="window.pwned = 1"><svg onload="window.pwned = 1">';
const BIDI = 'refund \u202Etxt.exe\u202C \u2066isolated\u2069';
const LONG = 'W'.repeat(3_000);
// One letter under ten thousand characters of accents.
const ZALGO = `e${'\u0301\u0323'.repeat(4_999)}`;
const LINK = 'javascript:alert(document.domain) and data:text/html,<script>alert(1)</script>';
const TEMPLATE = '{{constructor.constructor("alert(1)")()}} ${alert(1)} %3Cscript%3E &lt;b&gt;';

/** Nothing ran, in any frame. */
async function untouched(page: Page): Promise<void> {
  for (const frame of page.frames()) expect(await frame.evaluate(() => 'pwned' in window), frame.url()).toBe(false);
}

/** It may be cut or broken, but neither widens nor leaves its place. */
async function keptInPlace(bubble: Locator, column: Locator): Promise<void> {
  const [inner, outer] = [(await bubble.boundingBox())!, (await column.boundingBox())!];
  expect(inner.x).toBeGreaterThanOrEqual(outer.x);
  expect(inner.x + inner.width).toBeLessThanOrEqual(outer.x + outer.width);
  expect(await column.evaluate((element) => element.scrollWidth <= element.clientWidth), 'no sideways scrolling').toBe(true);
}

test('hostile text is text, on both sides', async ({ stage, server }) => {
  const line = await stage.line();
  const lena = await stage.visitor({ name: 'Lena', line });
  const aki = await stage.staff('aki');
  await aki.go();
  const path = hostPage(line, server, { title: `${SCRIPT.replaceAll('<', '&lt;')} ${BIDI}` });
  await lena.arrive(path);
  await lena.openChat();
  const name = `<b>${lena.name}</b> \u202Eanel`;
  await lena.form.name.fill(name);
  await lena.form.email.fill('"><script>@example.org');
  await lena.form.question.fill(SCRIPT);
  await lena.form.start.click();
  await expect(lena.panel.getByText('This address is not complete.')).toBeVisible();
  await lena.form.email.fill("o'brien+<x>@example.org".replace(/[<>]/g, ''));
  await lena.form.start.click();
  await expect(lena.said('window.pwned')).toBeVisible();

  // Characters that turn the direction of what stands around a name are not kept.
  const shown = `<b>${lena.name}</b> anel`;
  await aki.take(shown);
  await expect(aki.customer).toContainText(shown);
  await aki.customer.getByText(/^\/host/).first().hover();

  for (const text of [BIDI, LONG, ZALGO, LINK, TEMPLATE]) {
    await lena.say(text);
    await aki.say(`Back: ${text}`.slice(0, 10_000));
  }
  const own = lena.log.locator('.bubble');
  await expect(own).toHaveCount(12);
  await expect(aki.log.locator('.dk-bubble')).toHaveCount(12);

  for (const [log, bubble] of [[lena.log, '.bubble'], [aki.log, '.dk-bubble']] as const) {
    expect(await log.locator(bubble).first().innerText()).toBe(SCRIPT);
    const texts = await log.locator(bubble).allInnerTexts();
    for (const text of [BIDI, LONG, ZALGO, LINK, TEMPLATE]) expect(texts).toContain(text);
    await expect(log.getByRole('link')).toHaveCount(0);
    await expect(log.locator('script, img:not([alt]), b b')).toHaveCount(0);
    for (const text of [LONG.slice(0, 200), 'refund', 'javascript:', 'constructor']) {
      for (const one of await log.locator(bubble).filter({ hasText: text }).all()) await keptInPlace(one, log);
    }
  }
  await Promise.all([untouched(lena.page), untouched(aki.page)]);

  await test.step('the list and the page of ended chats hold it too', async () => {
    await lena.leave();
    await expect(lena.rating.group).toBeVisible();
    await lena.rate(1, `${SCRIPT} ${BIDI}`);
    await expect(lena.rating.thanks).toBeVisible();
    await aki.tab('Recent').click();
    await expect(aki.row(shown)).toContainText('window.pwned');
    const sam = await stage.staff('supervisor');
    await sam.go('/resolved');
    const row = sam.page.getByRole('row').filter({ hasText: shown });
    await expect(row).toContainText(SCRIPT);
    expect(await sam.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await Promise.all([untouched(aki.page), untouched(sam.page)]);
  });
});

test('real addresses become links that tell nobody where they were', async ({ stage }) => {
  const lena = await stage.visitor({ name: 'Lena' });
  const aki = await stage.staff('aki');
  await aki.go();
  await lena.begin('See https://example.org/a?b=1, or (http://example.org/c).');
  await aki.take(lena.name);
  for (const log of [lena.log, aki.log]) {
    const links = log.getByRole('link');
    await expect(links).toHaveText(['https://example.org/a?b=1', 'http://example.org/c']);
    for (const link of await links.all()) {
      await expect(link).toHaveAttribute('rel', /noopener/);
      await expect(link).toHaveAttribute('rel', /noreferrer/);
      await expect(link).toHaveAttribute('target', '_blank');
    }
  }
});
