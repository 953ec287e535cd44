import { defineConfig } from '@playwright/test';
import stories from './playwright.config.ts';

// Figures that only a browser can give, of the release binary. `cargo xtask bench` runs this and puts them into its table.
export default defineConfig({
  ...stories,
  testDir: './bench',
  workers: 1,
  timeout: 300_000,
  reporter: [['list']],
  use: { ...stories.use, trace: 'off', screenshot: 'off' },
});
