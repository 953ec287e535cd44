import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Nothing that axe knows stands against this page, its frames included, in light and in dark. */
export async function accessible(name: string, page: Page): Promise<void> {
  await wear(page, 'light');
  await clean(new AxeBuilder({ page }).withTags(TAGS), `${name}, light`);
  await wear(page, 'dark');
  // What is not a colour is the same.
  await clean(new AxeBuilder({ page }).withRules(['color-contrast', 'link-in-text-block']), `${name}, dark`);
}

/** Changes the colours and waits until the page has followed, its transitions included. */
export async function wear(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.waitForFunction((wanted) => {
    const theme = document.documentElement.dataset.theme;
    const moving = document.getAnimations().some((animation) => animation instanceof CSSTransition);
    return (!theme || theme === wanted) && !moving;
  }, colorScheme);
}

async function clean(axe: AxeBuilder, where: string): Promise<void> {
  const { violations } = await axe.analyze();
  const found = violations.map(({ id, help, nodes }) => ({
    rule: `${id}: ${help}`,
    nodes: nodes.map(({ target, failureSummary }) => `${target.join(' ')}\n${failureSummary}`),
  }));
  // Soft: one walk names everything that is found.
  expect.soft(found, `axe, ${where}`).toEqual([]);
}
