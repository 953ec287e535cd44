// Whatever goes wrong without being seen fails the story: console errors, page errors, CSP violations, dialogs,
// requests to anybody else, panics of the server.

import { expect, type BrowserContext } from '@playwright/test';

/** What Chromium says when nobody answers. */
export const NO_SERVER = /net::ERR_|WebSocket connection to .* failed/;

/** Chromium writes every refused request to the console; the page is to deal with these. */
export const refused = (...statuses: number[]): RegExp =>
  new RegExp(`the server responded with a status of (${statuses.join('|')})`);

export class Guard {
  private problems: string[] = [];
  private expected: RegExp[] = [];

  constructor(private readonly origins: string[]) {}

  /** From now on in this story these are no problem. */
  expect(pattern: RegExp): void {
    this.expected.push(pattern);
  }

  /** This origin may be asked too. */
  knows(origin: string): void {
    this.origins.push(origin);
  }

  async watch(context: BrowserContext): Promise<void> {
    // Init scripts need scripts.
    await context.addInitScript(() => {
      // Ten lines of a panic in WebAssembly say only that it was one.
      Error.stackTraceLimit = 60;
      addEventListener('securitypolicyviolation', (event) => {
        console.error(`CSP violation: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
      });
    });
    context.on('console', (message) => {
      if (message.type() === 'error') this.note(`console: ${message.text()} (${message.location().url})`);
    });
    context.on('weberror', (error) => this.note(`page error: ${error.error().stack ?? error.error()}`));
    context.on('dialog', (dialog) => {
      this.note(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    context.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      if (/^(https?|wss?):$/.test(protocol) && !this.origins.includes(origin)) {
        this.note(`request to somebody else: ${request.url()}`);
      }
    });
  }

  verify(panics: string[]): void {
    expect([...this.problems, ...panics], 'console errors, page errors, CSP violations, panics of the server').toEqual([]);
  }

  private note(problem: string): void {
    if (!this.expected.some((pattern) => pattern.test(problem))) this.problems.push(problem);
  }
}
