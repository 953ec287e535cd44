import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { defineConfig, devices } from '@playwright/test';

// The distribution's browser where there is one: it needs no download. Else Playwright's own.
const systemChromium = '/usr/bin/chromium';

// A browser that was never installed properly asks the network for all sorts of things; the stories want it quiet.
const quiet = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export default defineConfig({
  testDir: './tests',
  // `cargo xtask test` has a folder of its own: Playwright empties it at the start, and somebody may be running one story by hand.
  outputDir: process.env.DESKBELL_RESULTS ?? './test-results',
  // Each worker has a server and a database of its own (tests/fixtures), so files may run side by side.
  workers: 2,
  fullyParallel: false,
  forbidOnly: !!process.env.CI,
  // A story that passes only the second time hides a race that users will meet.
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: process.env.DESKBELL_RESULTS
    ? [['list'], ['json', { outputFile: `${process.env.DESKBELL_RESULTS}.json` }]]
    : [['list']],
  use: {
    ...devices['Desktop Chrome'],
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: existsSync(systemChromium) ? systemChromium : undefined,
      // Chromium refuses its sandbox to root, as whom containers often run.
      args: userInfo().uid === 0 ? ['--no-sandbox', ...quiet] : quiet,
    },
  },
});
