import type { Locator } from '@playwright/test';
import { accessible } from './stage/axe.ts';
import { expect, test } from './stage/fixtures.ts';
import { composerTour, doorsTour, endingsTour, inboxTour, unkeptTour, widgetEndTour, widgetRareTour, widgetTour } from './stage/tour.ts';

test('axe finds nothing in the widget, from the form to the talk', async ({ stage }) => {
  await widgetTour(stage, accessible);
});

test('axe finds nothing in the widget when the chat is over, or cannot be kept', async ({ stage }) => {
  await widgetEndTour(stage, accessible);
  await unkeptTour(stage, accessible);
});

test('axe finds nothing in what is rarely used of the widget', async ({ stage }) => {
  await widgetRareTour(stage, accessible);
});

test('axe finds nothing on the pages before the dashboard', async ({ stage, emptyServer }) => {
  await doorsTour(stage, emptyServer, accessible);
});

test('axe finds nothing in the inbox', async ({ stage }) => {
  await inboxTour(stage, accessible);
});

test('axe finds nothing where chats end, and on what is left of them', async ({ stage }) => {
  await endingsTour(stage, accessible);
});

test('axe finds nothing in what agents write with, and where it is set', async ({ stage }) => {
  // Thirteen screens, each looked at twice.
  test.slow();
  await composerTour(stage, accessible);
});

/** Counts from now on what comes into a log and what goes from it: a screen reader says the one, and is confused by the other. */
async function changes(log: Locator): Promise<() => Promise<{ came: number; went: number }>> {
  await log.evaluate((element) => {
    const seen = { came: 0, went: 0 };
    Object.assign(window, { seen });
    new MutationObserver((records) => {
      for (const { addedNodes, removedNodes } of records) {
        seen.came += [...addedNodes].filter((node) => node.nodeType === Node.ELEMENT_NODE).length;
        seen.went += [...removedNodes].filter((node) => node.nodeType === Node.ELEMENT_NODE).length;
      }
    }).observe(element, { childList: true });
  });
  return () => log.evaluate(() => (window as never as { seen: { came: number; went: number } }).seen);
}

test('each message is one new node of the log, and none takes the focus', async ({ stage }) => {
  const lena = await stage.visitor({ name: 'Lena' });
  const aki = await stage.staff('aki');
  await aki.go();
  await lena.begin('One?');
  await aki.take(lena.name);
  await expect(lena.log.getByText('joined')).toBeVisible();
  const atLena = await changes(lena.log);
  const atAki = await changes(aki.log.locator('.dk-log__list'));
  await lena.page.getByRole('link', { name: /Cart/ }).focus();
  for (const text of ['Two.', 'Three.']) {
    await aki.say(text);
    await expect(lena.said(text)).toBeVisible();
  }
  await expect(lena.page.getByRole('link', { name: /Cart/ })).toBeFocused();
  await aki.customer.getByRole('link').focus();
  await lena.say('Four?');
  await expect(aki.said('Four?')).toBeVisible();
  await expect(lena.turn('Four?')).toContainText('Read');
  await expect(aki.customer.getByRole('link')).toBeFocused();
  expect(await atLena()).toEqual({ came: 3, went: 0 });
  expect(await atAki()).toEqual({ came: 3, went: 0 });
});

test('at 320 pixels nothing needs to be pushed sideways', async ({ stage, server }) => {
  const narrow = { viewport: { width: 320, height: 640 } };
  const lena = await stage.visitor({ name: 'Lena', context: narrow });
  const aki = await stage.staff('aki', narrow);
  const sam = await stage.staff('supervisor', narrow);
  await aki.go();
  await lena.begin('Is Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft too long?');
  const frame = lena.page.frames().find((frame) => frame.url().startsWith(server.dashboard))!;
  await aki.take(lena.name);
  await aki.say('https://example.org/a/very/long/address/that/has/no/place/to/break?at=all&or=only&where=nobody&would=do&it');
  await expect(lena.said('https://')).toBeVisible();
  await sam.go('/resolved');
  const tooWide = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
  expect(await frame.evaluate(tooWide), 'the panel').toBe(0);
  expect(await aki.page.evaluate(tooWide), 'the conversation').toBe(0);
  expect(await sam.page.evaluate(tooWide), 'resolved chats').toBe(0);
  for (const log of [lena.log, aki.log]) {
    expect(await log.evaluate((element) => element.scrollWidth - element.clientWidth), 'a conversation').toBe(0);
  }
});
