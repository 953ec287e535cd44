// What is asked before a chat: made by an admin, asked in the widget, read by the agent.

import type { Page } from '@playwright/test';
import { accessible } from './stage/axe.ts';
import { expect, test } from './stage/fixtures.ts';
import { refused } from './stage/guard.ts';

interface Site {
  id: string;
  draft: { settings: { form: unknown; echo: boolean; form_once: boolean } };
}

const form = (page: Page) => page.getByRole('form', { name: 'Site Oak & Co.' });

// Other stories of this server know the form as it is at first.
let before: Site | undefined;
test.beforeEach(async ({ server }) => {
  before = (await server.asAdmin<{ sites: Site[] }>('sites-admin', {})).sites[0];
});
test.afterEach(async ({ server }) => {
  if (before) await server.asAdmin('save-site', { id: before.id, draft: before.draft });
});

test('an admin makes the form, a visitor fills it in, and the agent reads what was asked', async ({ stage, guard }) => {
  guard.expect(refused(422));
  const ada = await stage.staff('admin');
  await ada.go('/settings/sites');
  await ada.page.getByRole('button', { name: 'Edit Oak & Co.' }).click();
  const site = form(ada.page);
  await site.getByRole('button', { name: 'Phone' }).click();
  await expect(site.getByRole('textbox', { name: 'What is asked' }).last()).toBeFocused();
  await site.getByRole('button', { name: 'Choice' }).click();
  const choice = site.getByRole('listitem').filter({ has: ada.page.getByText('Choice', { exact: true }) });
  await choice.getByRole('textbox', { name: 'What is asked' }).fill('Topic');
  await choice.getByRole('checkbox', { name: 'It has to be answered' }).check();
  await choice.getByRole('textbox', { name: 'Option 1' }).fill('My order');

  // Not yet right: told at the place, and nothing typed is lost.
  await site.getByRole('button', { name: 'Save' }).click();
  await expect(choice.getByText('Each option needs some words')).toBeVisible();
  await choice.getByRole('textbox', { name: 'Option 2' }).fill('Something else');
  await site.getByRole('button', { name: 'Consent' }).click();
  const consent = site.getByRole('listitem').filter({ has: ada.page.getByText('Consent', { exact: true }) });
  await consent.getByRole('textbox', { name: 'What is asked' }).fill('I have read how my data are used');
  await consent.getByRole('textbox', { name: 'Page with what is agreed to' }).fill('https://oak.example/privacy');
  // The question goes to the end.
  for (let step = 0; step < 3; step += 1) await site.getByRole('button', { name: 'Move down: Question' }).click();
  await site.getByRole('checkbox', { name: 'Visitors read their answers again in the chat' }).check();
  await accessible('the settings of a site', ada.page);
  await site.getByRole('button', { name: 'Save' }).click();
  await expect(ada.page.getByText('Asks 6 things before a chat.')).toBeVisible();

  const lena = await stage.visitor({ name: 'Lena', context: { timezoneId: 'Europe/Vienna' } });
  await lena.arrive();
  await lena.openChat();
  const topic = lena.panel.getByRole('combobox', { name: 'Topic' });
  const phone = lena.panel.getByRole('textbox', { name: 'Phone' });
  const agree = lena.panel.getByRole('checkbox', { name: 'I have read how my data are used' });
  await expect(topic).toBeVisible();
  await accessible('a form of all kinds', lena.page);
  await phone.fill('soon');
  await lena.form.question.fill('Where is my desk?');
  await lena.form.start.click();
  await expect(lena.panel.getByText('This is not a telephone number.')).toBeVisible();
  await expect(lena.panel.getByText('Please fill this in.')).toBeVisible();
  await expect(lena.panel.getByText('Please agree to this first.')).toBeVisible();
  await expect(phone, 'the first that is wrong').toBeFocused();
  await expect(phone).toHaveAccessibleDescription('This is not a telephone number.');
  await phone.fill('+49 30 1234567');
  await topic.selectOption('My order');
  await agree.check();

  // A reload loses nothing of it.
  await lena.page.reload();
  await lena.openChat();
  await expect(topic).toHaveValue('My order');
  await expect(agree).toBeChecked();
  await expect(lena.form.question).toHaveValue('Where is my desk?');
  await lena.form.name.fill(lena.name);
  await lena.form.start.click();
  await expect(lena.said('Topic: My order')).toBeVisible();
  await expect(lena.said('Where is my desk?')).toBeVisible();

  const aki = await stage.staff('aki');
  await aki.go();
  await aki.take(lena.name);
  const answers = aki.log.locator('dl');
  await expect(answers).toContainText('Topic');
  await expect(answers).toContainText('My order');
  await expect(answers.getByRole('link', { name: '+49 30 1234567' })).toHaveAttribute('href', 'tel:+49 30 1234567');
  await expect(aki.customer.getByRole('link', { name: '+49 30 1234567' })).toBeVisible();
  await expect(aki.customer).toContainText(/Vienna, Austria\d\d:\d\d there/);
  await accessible('answers in the chat', aki.page);

  // Who is known is asked only for the question, and to agree anew: what they agree to may have changed.
  await lena.leave();
  await lena.panel.getByRole('button', { name: 'New chat' }).click();
  await expect(lena.form.question).toBeVisible();
  await expect(phone).toBeHidden();
  await expect(agree).not.toBeChecked();
  await lena.form.question.fill('And the chair?');
  await lena.form.start.click();
  await expect(lena.panel.getByText('Please agree to this first.')).toBeVisible();
  await expect(phone).toBeHidden();
  await agree.check();
  await lena.form.start.click();
  await expect(lena.said('And the chair?')).toBeVisible();
});

test('the site has a language of its own, for whoever has none that the chat speaks, or for everybody', async ({ stage, server }) => {
  const speaks = async (tag: string) => {
    const html = await (await fetch(`${server.dashboard}/w/${server.siteKey}/panel`, { headers: { 'accept-language': tag } })).text();
    return /<html lang="(\w+)"/.exec(html)?.[1];
  };
  expect(await speaks('tlh')).toBe('en');
  const ada = await stage.staff('admin');
  await ada.go('/settings/sites');
  await ada.page.getByRole('button', { name: 'Edit Oak & Co.' }).click();
  await form(ada.page).getByRole('combobox', { name: 'Language' }).selectOption('Français');
  await form(ada.page).getByRole('button', { name: 'Save' }).click();
  await expect(form(ada.page)).toBeHidden();
  expect([await speaks('tlh'), await speaks('de-AT')]).toEqual(['fr', 'de']);
  await ada.page.getByRole('button', { name: 'Edit Oak & Co.' }).click();
  await form(ada.page).getByRole('checkbox', { name: 'Speak it with everybody' }).check();
  await form(ada.page).getByRole('button', { name: 'Save' }).click();
  await expect(form(ada.page)).toBeHidden();
  expect(await speaks('de-AT')).toBe('fr');
});

test('an address that is none is told, and a site may stand on several', async ({ stage, guard }) => {
  guard.expect(refused(422));
  const ada = await stage.staff('admin');
  await ada.go('/settings/sites');
  await ada.page.getByRole('button', { name: 'Edit Oak & Co.' }).click();
  const origins = form(ada.page).getByRole('textbox', { name: 'Pages that carry it' });
  const old = await origins.inputValue();
  await origins.fill(`${old}\nhttps://*.example`);
  await form(ada.page).getByRole('button', { name: 'Save' }).click();
  await expect(origins).toHaveAccessibleDescription(/One of these is not the address of a website/);
  await expect(origins).toBeFocused();
  await origins.fill(`${old}\nShop.Example/cart`);
  await form(ada.page).getByRole('button', { name: 'Save' }).click();
  await expect(ada.page.getByText(/^On http.* and \d more$/)).toBeVisible();
});

for (const [language, start] of [
  ['ar', 'بدء المحادثة'],
  ['ja', 'チャットを始める'],
] as const) {
  test(`the panel speaks ${language}`, async ({ stage }) => {
    const page = await stage.page({ locale: language, viewport: { width: 390, height: 844 } });
    await page.goto(stage.server.shop);
    await page.locator('deskbell-chat').getByRole('button').click();
    const panel = page.frameLocator('deskbell-chat iframe');
    await expect(panel.locator('html')).toHaveAttribute('lang', language);
    await expect(panel.locator('html')).toHaveAttribute('dir', language === 'ar' ? 'rtl' : 'ltr');
    await expect(panel.locator('#start')).toHaveText(start);
    await accessible(`the panel in ${language}`, page);
  });
}
