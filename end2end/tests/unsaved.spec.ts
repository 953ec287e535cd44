// What is typed into settings and not saved is not lost by accident: not by a link, not by the Back button.

import { expect, test } from './stage/fixtures.ts';

const forms = [
  { who: 'aki', start: '/settings/profile', link: 'My macros', open: 'New macro', form: 'New macro', field: 'Title' },
  { who: 'admin', start: '/settings/queues', link: 'Guarded words', open: 'New rule', form: 'New rule', field: 'Name' },
  { who: 'admin', start: '/settings/queues', link: 'Clean up input', open: undefined, form: 'Rules', field: 'Styles removed' },
] as const;

for (const { who, start, link, open, form, field } of forms) {
  test(`${link}: a link and the Back button ask before what is typed is lost`, async ({ stage, guard }) => {
    const person = await stage.staff(who);
    const page = person.page;
    await person.go(start);
    const sections = page.getByRole('navigation', { name: 'Settings' });
    await sections.getByRole('link', { name: link }).click();
    if (open) await page.getByRole('button', { name: open }).click();
    const typed = page.getByRole('form', { name: form }).getByLabel(field);
    const address = page.url();

    // Nothing typed, nothing asked.
    await page.goBack();
    await expect(page).toHaveURL(new RegExp(`${start}$`));
    await sections.getByRole('link', { name: link }).click();
    if (open) await page.getByRole('button', { name: open }).click();
    await typed.fill('half a thought');

    // The question is answered with no, as the stage does.
    guard.expect(/^dialog: What you have changed here is not saved/);
    await sections.getByRole('link', { name: 'Alerts' }).click();
    await expect(typed).toHaveValue('half a thought');
    expect(page.url()).toBe(address);
    await page.evaluate(() => history.back());
    await expect(page).toHaveURL(address);
    await expect(typed).toHaveValue('half a thought');
    await page.evaluate(() => history.back());
    await expect(page).toHaveURL(address);
    await expect(typed).toHaveValue('half a thought');
  });
}
