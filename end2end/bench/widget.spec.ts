// How long until the launcher is seen, and until the panel takes what one types.

import type { Page } from '@playwright/test';
import { bench, percentile, row } from './figures.ts';

const ROUNDS = 5;

/** A phone far from a mast: 1.6 Mbit/s, 150 ms there and back, a processor a quarter as fast. */
const SLOW = { bytesPerSecond: 200_000, latency: 150, slowdown: 4 };

/** Moments since 1970, told by whichever frame sees them. */
interface Moments {
  began?: number;
  launcher?: number;
  pressed?: number;
  field?: number;
}

async function visit(page: Page, shop: string, profile?: typeof SLOW): Promise<Required<Moments>> {
  const moments: Moments = {};
  await page.exposeBinding('seen', (_, what: keyof Moments, at: number) => void (moments[what] ??= at));
  await page.addInitScript(() => {
    const { seen } = window as unknown as { seen: (what: string, at: number) => void };
    const told = new Set<string>();
    const tell = (what: string) => {
      if (told.has(what)) return;
      told.add(what);
      seen(what, performance.timeOrigin + performance.now());
    };
    const top = window === window.top;
    if (top) seen('began', performance.timeOrigin);
    addEventListener('click', () => tell('pressed'), true);
    const look = () => {
      if (top && document.querySelector('deskbell-chat')?.shadowRoot?.querySelector('button')) tell('launcher');
      // Whoever types now sees it in the field.
      if (!top && document.hasFocus() && document.activeElement?.matches('input, textarea')) tell('field');
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  if (profile) {
    const browser = await page.context().newCDPSession(page);
    await browser.send('Network.enable');
    await browser.send('Network.setCacheDisabled', { cacheDisabled: true });
    const { bytesPerSecond, latency, slowdown } = profile;
    const speed = { downloadThroughput: bytesPerSecond, uploadThroughput: bytesPerSecond };
    await browser.send('Network.emulateNetworkConditions', { offline: false, latency, ...speed });
    await browser.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  }
  await page.goto(shop);
  await page.getByRole('button', { name: 'Open chat' }).click();
  await bench.expect.poll(() => moments.field, { timeout: 30_000 }).toBeTruthy();
  const { began = 0, launcher = 0, pressed = 0, field = 0 } = moments;
  return { began, launcher, pressed, field };
}

for (const [name, profile, limits] of [
  ['', undefined, { launcher: [undefined, undefined], panel: [300, undefined] }],
  [', slow profile', SLOW, { launcher: [600, 1_200], panel: [600, 1_200] }],
] as const) {
  bench(`launcher and panel${name}`, async ({ server, playwright, launchOptions, headless }) => {
    // Frames of other sites share the page's process here, or the emulation would not reach them.
    const together = ['--disable-site-isolation-trials', '--disable-features=IsolateOrigins,site-per-process'];
    const args = [...(launchOptions.args ?? []), ...together];
    const browser = await playwright.chromium.launch({ ...launchOptions, args, headless });
    const [launcher, panel]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round += 1) {
      const context = await browser.newContext();
      const seen = await visit(await context.newPage(), server.shop, profile);
      launcher.push(seen.launcher - seen.began);
      panel.push(seen.field - seen.pressed);
      await context.close();
    }
    await browser.close();
    row(`launcher visible${name}`, percentile(launcher, 0.5), ...limits.launcher);
    row(`panel ready to type${name}`, percentile(panel, 0.5), ...limits.panel);
  });
}
