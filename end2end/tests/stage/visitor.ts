// A visitor at the shop: the host page, the launcher on it, and the panel in its frame.

import { expect, type FrameLocator, type Locator, type Page } from '@playwright/test';

/** What the demo's site says first. */
export const GREETING = 'Thank you for your question. A person will be with you in a moment.';

export class Visitor {
  readonly launcher: Locator;
  readonly panel: FrameLocator;
  readonly form: { heading: Locator; name: Locator; email: Locator; question: Locator; start: Locator };
  readonly log: Locator;
  readonly composer: Locator;
  readonly sendButton: Locator;
  readonly menuButton: Locator;
  readonly rating: { group: Locator; words: Locator; anonymous: Locator; send: Locator; thanks: Locator; change: Locator };

  constructor(
    readonly page: Page,
    /** Unique, so that no two stories meet. */
    readonly name: string,
    readonly shop: string,
  ) {
    this.launcher = page.getByRole('button', { name: /^(Open|Close) chat/ });
    this.panel = page.frameLocator('iframe[title="Chat"]');
    const box = (name: string) => this.panel.getByRole('textbox', { name, exact: true });
    this.form = {
      heading: this.panel.getByRole('heading', { name: 'How can we help?' }),
      name: box('Name'),
      email: box('E-mail'),
      question: box('Your question'),
      start: this.panel.getByRole('button', { name: 'Start chat' }),
    };
    this.log = this.panel.getByRole('log', { name: 'Conversation' });
    this.composer = box('Message');
    this.sendButton = this.panel.getByRole('button', { name: 'Send message' });
    this.menuButton = this.panel.getByRole('button', { name: 'More options' });
    this.rating = {
      group: this.panel.getByRole('group', { name: 'How was it?' }),
      words: box('Anything to add?'),
      anonymous: this.panel.getByRole('checkbox', { name: 'Without my name' }),
      send: this.panel.getByRole('button', { name: 'Send rating' }),
      thanks: this.panel.getByText('Thank you for your rating.'),
      change: this.panel.getByRole('button', { name: 'Change rating' }),
    };
  }

  get email(): string {
    return `${this.name.toLowerCase().replace(/[^a-z0-9]+/g, '.')}@example.org`;
  }

  async arrive(path = '/'): Promise<this> {
    await this.page.goto(this.shop + path);
    await expect(this.launcher).toBeVisible();
    return this;
  }

  async openChat(): Promise<void> {
    await this.page.getByRole('button', { name: /^Open chat/ }).click();
    await expect(this.panel.getByRole('button', { name: 'Close chat' })).toBeVisible();
  }

  async closeChat(): Promise<void> {
    await this.page.getByRole('button', { name: 'Close chat' }).click();
    await expect(this.page.getByRole('button', { name: /^Open chat/ })).toBeVisible();
  }

  /** Fills the form and waits until the chat stands. */
  async ask(question: string): Promise<void> {
    await this.form.question.fill(question);
    // Whom the browser knows is asked for nothing else.
    if (await this.form.name.isVisible()) {
      await this.form.name.fill(this.name);
      await this.form.email.fill(this.email);
    }
    await this.form.start.click();
    await expect(this.said(question)).toBeVisible();
  }

  /** Arrives, opens and asks. */
  async begin(question: string): Promise<this> {
    await this.arrive();
    await this.openChat();
    await this.ask(question);
    return this;
  }

  async say(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
    await expect(this.composer).toHaveValue('');
  }

  /** The bubble with these words. */
  said(text: string): Locator {
    return this.log.locator('.bubble').filter({ hasText: text });
  }

  /** A message with everything that belongs to it: author, words, how far it has come. */
  turn(text: string): Locator {
    return this.log.locator('.turn').filter({ hasText: text });
  }

  /** The whole conversation is this: each once, in this order. */
  async reads(...texts: string[]): Promise<void> {
    await expect(this.log.locator('.bubble')).toHaveText(texts, { timeout: 30_000 });
  }

  stars(n: number): Locator {
    return this.panel.getByRole('radio', { name: n === 1 ? '1 star' : `${n} stars`, exact: true });
  }

  async rate(stars: number, words: string): Promise<void> {
    // The radio itself is covered by its picture; the keyboard reaches it.
    await this.stars(stars).focus();
    await this.stars(stars).press('Space');
    await this.rating.words.fill(words);
    await this.rating.send.click();
  }

  /** The menu's item, and the question that follows. */
  async leave(): Promise<void> {
    await this.menuButton.click();
    await this.panel.getByRole('menuitem', { name: 'Leave chat…' }).click();
    await this.panel.getByRole('button', { name: 'Leave chat', exact: true }).click();
  }
}
