// Settings of queues, hours, automated responses and limits, and that they hold at once.

import { accessible } from './stage/axe.ts';
import { expect, refused, test } from './stage/fixtures.ts';
import { queuesTour } from './stage/tour.ts';

const PLAIN = {
  rules: { chat_limit: 5, wait_timeout: 300 },
  settings: { strategy: 'pick', ring: 20 },
  hours: null,
  texts: {},
} as const;

test.afterEach(({ server }) => server.setQueue(PLAIN));

test('an admin changes how chats find an agent, and one that waits has hers at once', async ({ stage }) => {
  const aki = await stage.staff('aki');
  const ada = await stage.staff('admin');
  const chat = await stage.waiting('Kim', 'Is anybody there?');
  await aki.go();
  await expect(aki.row(chat.name)).toBeVisible();
  await ada.go('/settings/queues');
  await expect(ada.page.getByText(/^Pick · 2 members/)).toBeVisible();
  await ada.page.getByRole('button', { name: 'Edit Sales' }).click();
  await ada.page.getByRole('radio', { name: 'Assign without asking' }).check();
  await ada.page.getByRole('button', { name: 'Save' }).click();
  await expect(ada.status('Sales is saved and holds from now on.')).toBeVisible();
  await expect(ada.page.getByText(/^Assign without asking · 2 members/)).toBeVisible();
  // Nobody has touched this page meanwhile.
  await aki.tab('Active').click();
  await expect(aki.row(chat.name)).toBeVisible();
});

test('numbers out of range are told with their range, and nothing typed is lost', async ({ stage, guard }) => {
  guard.expect(refused(409, 422));
  const ada = await stage.staff('admin');
  await ada.go('/settings/queues');
  await ada.page.getByRole('button', { name: 'New queue' }).click();
  const form = ada.page.getByRole('form', { name: 'New queue' });
  await form.getByLabel('Name').fill('Sales');
  await form.getByLabel('Ring time').fill('1000');
  await form.getByLabel('Chats per agent').fill('-1');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form.getByText('This has to be between 0 and 100.')).toBeVisible();
  await expect(form.getByLabel('Chats per agent')).toBeFocused();
  await form.getByLabel('Chats per agent').fill('3');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form.getByText('This has to be between 5 and 300.')).toBeVisible();
  await expect(form.getByLabel('Ring time')).toHaveValue('1000');
  await form.getByLabel('Ring time').fill('30');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form.getByText('There is this one already.')).toBeVisible();
  await expect(form.getByLabel('Name')).toHaveValue('Sales');
  await expect(form.getByLabel('Ring time')).toHaveValue('30');

  // What is not saved is not left by accident.
  guard.expect(/^dialog: What you have changed here is not saved/);
  await ada.page.getByRole('link', { name: 'Working hours' }).click();
  await expect(form.getByLabel('Name')).toHaveValue('Sales');
  await form.getByRole('button', { name: 'Cancel' }).click();
  await expect(form.getByLabel('Name')).toHaveValue('Sales');
});

test('hours that overlap and unknown zones are told at their fields; the plan is previewed', async ({ stage, guard }) => {
  guard.expect(refused(422));
  const ada = await stage.staff('admin');
  await ada.go('/settings/hours');
  await expect(ada.page.getByText('Always open.')).toBeVisible();
  await ada.page.getByRole('button', { name: 'Edit Sales' }).click();
  const form = ada.page.getByRole('form', { name: 'Hours of Sales' });
  await form.getByLabel('Open at set hours').check();
  await form.getByLabel('Time zone').fill('Europe/Atlantis');
  await form.getByRole('button', { name: 'Add an opening to Monday' }).click();
  await form.getByLabel('Monday opens').nth(1).fill('16:00');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form.getByText('This is needed.')).toBeVisible();
  await form.getByLabel('Monday closes').nth(1).fill('18:00');
  await form.getByRole('button', { name: 'Add a day' }).click();
  await form.getByLabel('Date', { exact: true }).fill('2026-12-25');
  await form.getByRole('button', { name: 'Add a day' }).click();
  await form.getByLabel('Date', { exact: true }).nth(1).fill('2026-12-25');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form.getByText('These hours overlap, or end before they begin.')).toBeVisible();
  await expect(form.getByText('There is no such time zone.')).toBeVisible();
  await expect(form.getByText('There is this one already.')).toBeVisible();
  await expect(form.getByLabel('Monday opens').nth(1)).toHaveValue('16:00');
  await form.getByLabel('Monday opens').nth(1).fill('17:30');
  await form.getByRole('button', { name: 'Remove 2026-12-25' }).last().click();
  await form.getByLabel('What the day is').fill('Christmas');
  await form.getByLabel('Time zone').fill('Asia/Tokyo');
  await expect(form.getByRole('status')).toContainText(/^(Open|Closed) now; .* in Asia\/Tokyo\.$/);
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(ada.status('Sales is saved and holds from now on.')).toBeVisible();
  await expect(ada.page.getByText(/in Asia\/Tokyo\.$/)).toBeVisible();
  await ada.page.getByRole('button', { name: 'Edit Sales' }).click();
  await expect(form.getByLabel('Monday opens').nth(1)).toHaveValue('17:30');
  await expect(form.getByLabel('What the day is')).toHaveValue('Christmas');
});

test('what a queue says while it is closed is set, and said', async ({ stage, server }) => {
  await server.setQueue({ hours: { zone: 'UTC', week: [[], [], [], [], [], [], []] } });
  const ada = await stage.staff('admin');
  await ada.go('/settings/responses');
  await ada.page.getByRole('button', { name: 'Edit Sales' }).click();
  const form = ada.page.getByRole('form', { name: 'Automated responses of Sales' });
  await form.getByLabel('When the queue is closed').fill('We are back tomorrow.');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(ada.page.getByText('Speaks when nobody is there.')).toBeVisible();
  const lena = await stage.visitor();
  await lena.begin('Are you open?');
  await expect(lena.log.getByText('We are back tomorrow.')).toBeVisible();
});

test('a queue is made and deleted by keyboard alone; one that is in use stays', async ({ stage, guard }) => {
  guard.expect(refused(409));
  const ada = await stage.staff('admin');
  const keys = ada.page.keyboard;
  const name = stage.named('Nights');
  await ada.go('/settings/queues');
  await ada.page.getByRole('button', { name: 'New queue' }).focus();
  await keys.press('Enter');
  await expect(ada.page.getByLabel('Name')).toBeFocused();
  await keys.type(name);
  await keys.press('Tab');
  await keys.press('ArrowDown');
  await expect(ada.page.getByRole('radio', { name: 'Ring the least busy' })).toBeChecked();
  await expect(ada.page.getByText(/^Nobody serves this queue/)).toBeVisible();
  await keys.press('Enter');
  await expect(ada.page.getByText(/^Ring the least busy · 0 members/)).toBeVisible();
  await expect(ada.page.getByText(/^Nobody serves this queue/)).toBeVisible();
  await ada.page.getByRole('button', { name: `Delete ${name}` }).focus();
  await keys.press('Enter');
  await expect(ada.page.getByRole('alertdialog').getByRole('button', { name: 'Keep' })).toBeFocused();
  await keys.press('Tab');
  await keys.press('Enter');
  await expect(ada.page.getByRole('heading', { name })).toBeHidden();
  await ada.page.getByRole('button', { name: 'Delete Sales' }).click();
  await ada.page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await expect(ada.status(/Chats of the site Oak & Co\. begin there/)).toBeVisible();
  await expect(ada.page.getByRole('heading', { name: 'Sales' })).toBeVisible();
});

test('how many chats somebody may have is set for each person', async ({ stage, server, guard }) => {
  guard.expect(refused(422));
  const ada = await stage.staff('admin');
  const { name } = server.account('aki');
  await ada.go('/settings/limits');
  const field = ada.page.getByLabel(`Chats of ${name}`);
  await field.fill('101');
  await ada.page.getByRole('button', { name: `Save the limit of ${name}` }).click();
  await expect(ada.page.getByText('This has to be between 0 and 100.')).toBeVisible();
  await field.fill('2');
  await field.press('Enter');
  await expect(ada.status(`The limit of ${name} is saved.`)).toBeVisible();
  await ada.reload();
  await expect(field).toHaveValue('2');
  await field.fill('0');
  await field.press('Enter');
  await expect(ada.status(`The limit of ${name} is saved.`)).toBeVisible();
});

test('axe has nothing against these pages', async ({ stage }) => {
  test.setTimeout(120_000);
  await queuesTour(stage, accessible);
});
