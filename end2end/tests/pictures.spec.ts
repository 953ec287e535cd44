// Pictures of every screen, to be looked at: DESKBELL_PICTURES=1 npx playwright test pictures

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { wear } from './stage/axe.ts';
import { test } from './stage/fixtures.ts';
import { composerTour, doorsTour, endingsTour, inboxTour, keysTour, queuesTour, unkeptTour, widgetEndTour, widgetRareTour, widgetTour, type Look } from './stage/tour.ts';

const FOLDER = join(import.meta.dirname, '../test-results/pictures');

const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const NARROW = { width: 1024, height: 768 };

/** Frames of other sites follow a new size a moment later; those that nobody sees do not paint at all. */
async function painted(page: Page): Promise<void> {
  const twice = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  for (const frame of page.frames()) {
    const seen = frame === page.mainFrame() || (await (await frame.frameElement()).isVisible());
    if (seen) await frame.evaluate(twice);
  }
}

const camera = (sizes: Record<string, { width: number; height: number }>): Look => {
  mkdirSync(FOLDER, { recursive: true });
  return async (name: string, page: Page) => {
    for (const [size, viewport] of Object.entries(sizes)) {
      await page.setViewportSize(viewport);
      for (const colorScheme of ['light', 'dark'] as const) {
        await wear(page, colorScheme);
        await painted(page);
        await page.screenshot({ path: join(FOLDER, `${name}-${size}-${colorScheme}.png`), animations: 'disabled' });
      }
    }
    await page.setViewportSize(WIDE);
    await wear(page, 'light');
  };
};

test.describe('pictures', () => {
  test.skip(!process.env.DESKBELL_PICTURES, 'for looking at, when asked for');
  test.setTimeout(180_000);

  test('widget', async ({ stage }) => {
    stage.plainNames();
    const look = camera({ wide: { width: 1024, height: 800 }, phone: PHONE });
    await widgetTour(stage, look);
    await widgetEndTour(stage, look);
    await unkeptTour(stage, look);
  });

  test('widget, rarely used', async ({ stage }) => {
    stage.plainNames();
    await widgetRareTour(stage, camera({ wide: { width: 1024, height: 800 }, phone: PHONE }));
  });

  test('doors', async ({ stage, emptyServer }) => {
    await doorsTour(stage, emptyServer, camera({ wide: WIDE, phone: PHONE }));
  });

  test('inbox', async ({ stage }) => {
    stage.plainNames();
    await inboxTour(stage, camera({ wide: WIDE, narrow: NARROW, phone: PHONE }));
  });

  test('composer', async ({ stage }) => {
    stage.plainNames();
    await composerTour(stage, camera({ wide: WIDE, phone: PHONE }));
  });

  test('queues', async ({ stage }) => {
    await queuesTour(stage, camera({ wide: WIDE, phone: PHONE }));
  });

  test('keys', async ({ stage }) => {
    stage.plainNames();
    await keysTour(stage, camera({ wide: WIDE, phone: PHONE }));
  });

  test('endings', async ({ stage }) => {
    stage.plainNames();
    await endingsTour(stage, camera({ wide: WIDE, narrow: NARROW, phone: PHONE }));
  });
});
