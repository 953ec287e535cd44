import type { Page } from '@playwright/test';
import { accessible } from './stage/axe.ts';
import { test } from './stage/fixtures.ts';
import { dashboardTour, doorsTour, unkeptTour, widgetTour } from './stage/tour.ts';

async function bothThemes(name: string, page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await accessible(page, `${name}, ${colorScheme}`);
  }
}

test('axe finds nothing in any state of the widget', async ({ stage }) => {
  await widgetTour(stage, bothThemes);
  await unkeptTour(stage, bothThemes);
});

test('axe finds nothing on the pages before the dashboard', async ({ stage }) => {
  await doorsTour(stage, bothThemes);
});

test('axe finds nothing on any screen of the dashboard', async ({ stage }) => {
  await dashboardTour(stage, bothThemes);
});
