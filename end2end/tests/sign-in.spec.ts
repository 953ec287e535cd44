import { expect, refused, test } from './stage/fixtures.ts';

const signIn = (path: string) => new RegExp(`/sign-in\\?next=${path.replaceAll('/', '(/|%2F)')}$`);

test('signing in and out works without JavaScript', async ({ stage, server }) => {
  const page = await stage.page({ javaScriptEnabled: false });
  const { email, password } = server.account('jo');
  await page.goto(`${server.dashboard}/`);
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(`${server.dashboard}/inbox`);
  await expect(page.getByRole('heading', { name: 'Inbox' })).toBeVisible();
  await expect(page.getByRole('tab', { name: 'Incoming' })).toBeVisible();
  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await page.goto(`${server.dashboard}/inbox`);
  await expect(page).toHaveURL(signIn('/inbox'));
});

test('a wrong password is told apart from nothing, and the address stays', async ({ stage, server, guard }) => {
  guard.expect(/status of 4(01|03|22)/);
  const page = await stage.page();
  const { email, password } = server.account('jo');
  await page.goto(`${server.dashboard}/sign-in`);
  await expect(page.getByLabel('E-mail')).toBeFocused();
  const told = [];
  for (const [who, what] of [[email, `${password}x`], ['nobody@example.org', password]] as const) {
    await page.getByLabel('E-mail').fill(who);
    await page.getByLabel('Password').fill(what);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('alert')).toBeVisible();
    await expect(page.getByLabel('E-mail')).toHaveValue(who);
    await expect(page.getByLabel('Password')).toHaveValue('');
    told.push(await page.getByRole('alert').innerText());
  }
  expect(told[0], 'who works here is not to be found out').toBe(told[1]);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`${server.dashboard}/inbox`);
});

test('who is not signed in comes back to where they wanted to go, and nowhere else', async ({ stage, server }) => {
  const page = await stage.page();
  const { email, password } = server.account('supervisor');
  const enter = async () => {
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };
  await page.goto(`${server.dashboard}/resolved?text=Lena&stars=4`);
  await enter();
  await expect(page).toHaveURL(`${server.dashboard}/resolved?text=Lena&stars=4`);
  await expect(page.getByRole('searchbox', { name: 'Search' })).toHaveValue('Lena');

  await page.context().clearCookies();
  await page.goto(`${server.dashboard}/sign-in?next=${encodeURIComponent('//evil.example/inbox')}`);
  await enter();
  await expect(page).toHaveURL(`${server.dashboard}/inbox`);
});

test('a sign-in that ends while one works leads to signing in, and back', async ({ stage, server, guard }) => {
  guard.expect(/status of 401|WebSocket connection/);
  const cookie = await server.signIn('jo');
  const jo = await stage.staff('jo', {}, cookie);
  await jo.go('/inbox/active');
  const other = await stage.staff('jo', {}, cookie);
  await other.go();
  await other.page.getByRole('button', { name: /^Account of/ }).click();
  await other.page.getByRole('button', { name: 'Sign out' }).click();
  await expect(other.page.getByRole('heading', { name: 'Sign in' })).toBeVisible();

  await expect(jo.page).toHaveURL(signIn('/inbox/active'), { timeout: 15_000 });
  const { email, password } = server.account('jo');
  await jo.page.getByLabel('E-mail').fill(email);
  await jo.page.getByLabel('Password').fill(password);
  await jo.page.getByRole('button', { name: 'Sign in' }).click();
  await expect(jo.page).toHaveURL(`${server.dashboard}/inbox/active`);
});

test('the first admin is made by a link that works once', async ({ stage, emptyServer, guard }) => {
  guard.expect(refused(401, 403, 404, 410, 422));
  const page = await stage.page({ javaScriptEnabled: false });
  await page.goto(emptyServer.setup);
  await expect(page.getByRole('heading', { name: 'Welcome to Deskbell' })).toBeVisible();
  const fill = async (name: string, email: string, password: string) => {
    await page.getByLabel('Name').fill(name);
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Create the account' }).click();
  };
  await fill('Ada', 'ada@nowhere', 'short');
  await expect(page.getByRole('alert')).toHaveCount(2);
  await expect(page.getByLabel('Name')).toHaveValue('Ada');
  await expect(page.getByLabel('E-mail')).toHaveValue('ada@nowhere');
  await fill('Ada', 'ada@example.org', 'correct horse battery staple');
  await expect(page).toHaveURL(`${emptyServer.dashboard}/inbox`);
  await expect(page.getByRole('heading', { name: 'Inbox' })).toBeVisible();
  const again = await page.goto(emptyServer.setup);
  expect([404, 410]).toContain(again!.status());
});
