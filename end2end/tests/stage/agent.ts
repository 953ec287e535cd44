// Somebody at the dashboard: agent, supervisor or admin.

import { expect, type Locator, type Page } from '@playwright/test';

export type Section = 'Incoming' | 'Active' | 'Recent';

export class Agent {
  readonly log: Locator;
  readonly composer: Locator;
  readonly sendButton: Locator;
  readonly endButton: Locator;
  readonly customer: Locator;
  readonly inboxLink: Locator;
  readonly resolvedLink: Locator;
  readonly takeOldest: Locator;

  constructor(
    readonly page: Page,
    readonly name: string,
    private readonly dashboard: string,
  ) {
    this.log = page.getByRole('log', { name: 'Conversation' });
    this.composer = page.getByRole('textbox', { name: 'Message', exact: true });
    this.sendButton = page.getByRole('button', { name: 'Send', exact: true });
    this.endButton = page.getByRole('button', { name: 'End chat' });
    this.customer = page.getByRole('region', { name: 'Customer' });
    this.inboxLink = page.getByRole('link', { name: /^Inbox/ });
    this.resolvedLink = page.getByRole('link', { name: 'Resolved chats' });
    this.takeOldest = page.getByRole('button', { name: /new unassigned chats?, take the oldest/ });
  }

  /** Opens a page of the dashboard and waits until it lives: it then opens its socket. */
  async go(path = '/inbox'): Promise<this> {
    const lives = this.page.waitForEvent('websocket', (socket) => socket.url().endsWith('/agent/socket'));
    await this.page.goto(this.dashboard + path);
    await lives;
    return this;
  }

  /** The same page anew. */
  async reload(): Promise<void> {
    const lives = this.page.waitForEvent('websocket', (socket) => socket.url().endsWith('/agent/socket'));
    await this.page.reload();
    await lives;
  }

  tab(section: Section): Locator {
    return this.page.getByRole('tab', { name: section });
  }

  /** The row of this visitor in the list that is shown. */
  row(visitor: string): Locator {
    return this.page.getByRole('region', { name: 'Chats' }).getByRole('listitem').filter({ hasText: visitor });
  }

  /** The card of a chat that rings this agent. */
  ring(visitor: string): Locator {
    return this.page.getByRole('region', { name: 'Ringing chats' }).getByRole('article', { name: `${visitor} rings you` });
  }

  accept(visitor: string): Promise<void> {
    return this.ring(visitor).getByRole('button', { name: 'Accept' }).click();
  }

  decline(visitor: string): Promise<void> {
    return this.ring(visitor).getByRole('button', { name: 'Decline' }).click();
  }

  /** A line of the system in the conversation, word for word. */
  line(text: string): Locator {
    return this.log.getByText(text, { exact: true });
  }

  /** Chooses an item of the open chat's menu. */
  async menu(item: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Chat menu' }).click();
    await this.page.getByRole('menu', { name: 'Chat menu' }).getByRole('menuitem', { name: item }).click();
  }

  /** The dialog for handing a chat over. */
  dialog(title: string | RegExp): Locator {
    return this.page.getByRole('dialog', { name: title });
  }

  /** Opens the chat of this visitor from the list. */
  async open(visitor: string): Promise<void> {
    await this.row(visitor).getByRole('link').click();
    await expect(this.page.getByRole('heading', { name: visitor, level: 2 }).first()).toBeVisible();
  }

  /** Reads the waiting chat and takes it. */
  async take(visitor: string): Promise<void> {
    await this.open(visitor);
    await this.page.getByRole('main').getByRole('button', { name: 'Respond' }).click();
    await expect(this.composer).toBeFocused();
  }

  async say(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
    await expect(this.composer).toHaveValue('');
  }

  said(text: string): Locator {
    return this.log.locator('.dk-bubble').filter({ hasText: text });
  }

  /** A message with everything that belongs to it. */
  item(text: string): Locator {
    return this.log.locator('.dk-item').filter({ hasText: text });
  }

  /** How far one's own message has come. */
  delivery(text: string): Locator {
    return this.item(text).getByRole('img');
  }

  /** The whole conversation is this: each once, in this order. */
  async reads(...texts: string[]): Promise<void> {
    await expect(this.log.locator('.dk-bubble')).toHaveText(texts, { timeout: 30_000 });
  }

  /** Presses End chat and confirms. */
  async end(): Promise<void> {
    await this.endButton.click();
    await this.page.getByRole('alertdialog', { name: 'End this chat?' }).getByRole('button', { name: 'End chat' }).click();
  }

  /** What is said in passing, and about the line. */
  status(text: string | RegExp): Locator {
    return this.page.getByRole('status').filter({ hasText: text });
  }
}
