// What agents note about a chat: qualified, tags, value, notes.

import type { Locator } from '@playwright/test';
import type { Agent } from './stage/agent.ts';
import { accessible } from './stage/axe.ts';
import { NO_SERVER, expect, refused, test } from './stage/fixtures.ts';

/** The part of the customer panel. */
class Noted {
  readonly place: Locator;
  readonly yes: Locator;
  readonly no: Locator;
  readonly tags: Locator;
  readonly newTag: Locator;
  readonly value: Locator;
  readonly currency: Locator;
  readonly notes: Locator;
  readonly saved: Locator;

  constructor(agent: Agent) {
    this.place = agent.customer.getByRole('region', { name: 'Classification' });
    this.yes = this.place.getByRole('button', { name: 'Qualified', exact: true });
    this.no = this.place.getByRole('button', { name: 'Not qualified' });
    this.tags = this.place.getByRole('list', { name: 'Tags' });
    this.newTag = this.place.getByRole('combobox', { name: 'Add a tag' });
    this.value = this.place.getByRole('textbox', { name: 'Value' });
    this.currency = this.place.getByRole('combobox', { name: 'Currency' });
    this.notes = this.place.getByRole('textbox', { name: 'Notes' });
    this.saved = this.place.getByRole('status').filter({ hasText: 'Saved' });
  }

  async tag(...tags: string[]): Promise<void> {
    for (const tag of tags) {
      await this.newTag.fill(tag);
      await this.newTag.press('Enter');
    }
  }

  async reads(tags: string[], value: string, notes: string): Promise<void> {
    await expect(this.tags.getByRole('listitem').filter({ hasText: /./ })).toHaveText(tags);
    await expect(this.value).toHaveValue(value);
    await expect(this.notes).toHaveValue(notes);
  }
}

test('what is noted during a chat is saved by itself, and a supervisor sees it at once', async ({ stage }) => {
  const [aki, ines] = [await stage.staff('aki'), await stage.staff('supervisor')];
  await aki.go();
  const lena = await stage.waiting('Lena', 'Can the desk come on Saturday?');
  await aki.open(lena.name);
  await expect(aki.customer).toContainText('First chat');
  const noted = new Noted(aki);
  await expect(noted.place, 'not for who only looks at a waiting chat').toBeHidden();
  await aki.take(lena.name);

  await noted.yes.click();
  await expect(noted.yes).toHaveAttribute('aria-pressed', 'true');
  const [delivery, order] = [stage.named('delivery'), stage.named('order')];
  await noted.tag(order, delivery, order.toUpperCase());
  await noted.value.fill('1.240,5');
  await noted.notes.fill('Saturday mornings only.');
  await expect(noted.saved).toBeVisible();

  await ines.go(new URL(aki.page.url()).pathname);
  const seen = new Noted(ines);
  await seen.reads([order, delivery].sort(), '1240.50', 'Saturday mornings only.');
  await expect(seen.yes).toHaveAttribute('aria-pressed', 'true');
  // From here on both look at it: each sees what the other notes, and neither loses anything.
  await noted.notes.fill('Saturday mornings only. Ring twice.');
  await expect(seen.notes).toHaveValue('Saturday mornings only. Ring twice.');
  await seen.place.getByRole('button', { name: `Remove the tag ${order}` }).click();
  await noted.currency.selectOption('JPY');
  await expect(noted.place.getByText('This is no amount. Write it like 1234.')).toBeVisible();
  await noted.value.fill('1240');
  await expect(seen.currency).toHaveValue('JPY');
  await expect(seen.value).toHaveValue('1240');
  await expect(noted.tags).not.toContainText(order);
  await noted.reads([delivery], '1240', 'Saturday mornings only. Ring twice.');

  await aki.reload();
  await noted.reads([delivery], '1240', 'Saturday mornings only. Ring twice.');
  await noted.yes.click();
  await expect(seen.yes).toHaveAttribute('aria-pressed', 'false');
  await accessible('classification', aki.page);
});

test('a value that is none is told at its field, keeps nothing else from being saved, and is not lost', async ({ stage }) => {
  const aki = await stage.staff('aki');
  await aki.go();
  const lena = await stage.waiting('Lena', 'What does it cost?');
  const omar = await stage.waiting('Omar', 'And the chair?');
  await aki.take(lena.name);
  const noted = new Noted(aki);
  await noted.currency.selectOption('EUR');
  await noted.value.fill('about 600');
  await noted.notes.fill('Compares prices.');
  await expect(noted.place.getByRole('alert').filter({ hasText: 'This is no amount. Write it like 1234.00.' })).toBeVisible();
  await expect(noted.value).toHaveAttribute('aria-invalid', 'true');
  await expect(noted.saved).toBeVisible();
  await accessible('classification with a wrong value', aki.page);

  await aki.tab('Incoming').click();
  await aki.take(omar.name);
  await noted.reads([], '', '');
  await aki.open(lena.name);
  await noted.reads([], 'about 600', 'Compares prices.');
  await aki.reload();
  await noted.reads([], 'about 600', 'Compares prices.');
  await expect(noted.value).toHaveAttribute('aria-invalid', 'true');
  await noted.value.fill('600');
  await expect(noted.value).not.toHaveAttribute('aria-invalid', 'true');
  await expect(noted.saved).toBeVisible();
  await aki.reload();
  await noted.reads([], '600.00', 'Compares prices.');
});

test('who notes the same thing at the same time is asked, and what was written without a line comes with it', async ({ stage, guard }) => {
  const line = await stage.line();
  const [aki, ines] = [await stage.staff('aki', { proxy: line.proxy }), await stage.staff('supervisor')];
  await aki.go();
  const lena = await stage.waiting('Lena', 'Is it oak?');
  await aki.take(lena.name);
  await ines.go(new URL(aki.page.url()).pathname);
  const [mine, theirs] = [new Noted(aki), new Noted(ines)];
  await expect(theirs.place).toBeVisible();

  // Offline, and then a number that is not the newest any more.
  guard.expect(NO_SERVER);
  guard.expect(refused(409));
  line.cut();
  await mine.notes.fill('Mine.');
  await mine.no.click();
  await expect(mine.place.getByText('Not saved.')).toBeVisible();
  await theirs.notes.fill('Theirs.');
  await expect(theirs.saved).toBeVisible();
  line.mend();
  await expect(mine.place.getByText('Somebody else has just changed the same thing.')).toBeVisible({ timeout: 30_000 });
  await expect(mine.notes).toHaveValue('Mine.');
  await mine.place.getByRole('button', { name: 'Keep mine' }).click();
  await expect(theirs.notes).toHaveValue('Mine.');
  await expect(theirs.no).toHaveAttribute('aria-pressed', 'true');
  await expect(mine.place.getByRole('button', { name: 'Keep mine' })).toBeHidden();
});

test('it is changed in the wrap-up and after the end too', async ({ stage, server }) => {
  await server.setQueue({ rules: { wrap_up: 'manual' } });
  const aki = await stage.staff('aki');
  await aki.go();
  const lena = await stage.waiting('Lena', 'Thank you!');
  await aki.take(lena.name);
  await aki.say('You are welcome.');
  const noted = new Noted(aki);
  await noted.notes.fill('During the chat.');
  await expect(noted.saved).toBeVisible();
  await aki.end();
  const close = aki.page.getByRole('main').getByRole('button', { name: 'Close', exact: true });
  await expect(close).toBeVisible();
  await noted.notes.fill('In the wrap-up.');
  // Closed before the pause is over: it is saved all the same.
  await close.click();
  await expect(close).toBeHidden();
  await aki.tab('Recent').click();
  await aki.open(lena.name);
  await expect(noted.notes).toHaveValue('In the wrap-up.');
  await noted.tag(stage.named('praise'));
  await expect(noted.saved).toBeVisible();
  await aki.reload();
  await noted.reads([stage.named('praise')], '', 'In the wrap-up.');
  await server.setQueue({ rules: { wrap_up: 'none' } });
});
