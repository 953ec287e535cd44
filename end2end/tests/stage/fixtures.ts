// What every story has at hand: a server of its worker's own, and a stage on which people appear.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from '@playwright/test';
import { Agent } from './agent.ts';
import { Caller, leave, type Answers } from './chats.ts';
import { Guard } from './guard.ts';
import { Line } from './line.ts';
import { Server, type Person } from './server.ts';
import { Visitor } from './visitor.ts';

export { expect } from '@playwright/test';
export { NO_SERVER, refused } from './guard.ts';

interface VisitorOptions {
  name?: string;
  line?: Line;
  context?: BrowserContextOptions;
  /** Another browser than the worker's. */
  browser?: Browser;
  /** Runs in every document of this visitor before anything else. */
  before?: (origins: { dashboard: string }) => void;
}

/** Where the people of one story appear. Everything that they begin is ended with the story. */
export class Stage {
  private contexts: BrowserContext[] = [];
  private lines: Line[] = [];
  private tokens = new Set<string>();
  private reading: Promise<unknown>[] = [];

  constructor(
    private readonly browser: Browser,
    readonly server: Server,
    readonly guard: Guard,
    private unique: string,
  ) {}

  /** A name that no other story, worker or retry uses. */
  named(name: string): string {
    return `${name} ${this.unique}`.trimEnd();
  }

  /** An e-mail address of somebody of whom no other story knows: who comes again under theirs is a known person. */
  address(name: string): string {
    return `${this.named(name).toLowerCase().replace(/[^a-z0-9]+/g, '.')}@example.org`;
  }

  /** For pictures: nothing behind the names. Only for stories that have a server to themselves. */
  plainNames(): void {
    this.unique = '';
  }

  /** Somebody on a fresh browser, not yet anywhere. */
  async visitor({ name = 'Lena', line, context = {}, browser, before }: VisitorOptions = {}): Promise<Visitor> {
    const fresh = await this.context({ ...context, ...(line ? { proxy: line.proxy } : {}) }, browser);
    if (before) await fresh.addInitScript(before, { dashboard: this.server.dashboard });
    return new Visitor(await fresh.newPage(), this.named(name), this.server.shop);
  }

  /** The same visitor in another tab. */
  async again(visitor: Visitor): Promise<Visitor> {
    return new Visitor(await visitor.page.context().newPage(), visitor.name, visitor.shop);
  }

  /** Somebody of the staff, signed in, not yet anywhere. */
  async staff(person: Person, context: BrowserContextOptions = {}, cookie?: string): Promise<Agent> {
    const fresh = await this.context(context);
    const value = cookie ?? (await this.server.cookie(person));
    await fresh.addCookies([{ name: 'deskbell_sign_in', value, url: this.server.dashboard, httpOnly: true }]);
    return this.at(await fresh.newPage(), person);
  }

  /** The same person in another tab. */
  async beside(agent: Agent, person: Person): Promise<Agent> {
    return this.at(await agent.page.context().newPage(), person);
  }

  /** A page of nobody in particular. */
  async page(context: BrowserContextOptions = {}): Promise<Page> {
    return (await this.context(context)).newPage();
  }

  /** A chat that waits, begun without a browser. */
  async waiting(name: string, question: string, more: Partial<Answers> = {}): Promise<Caller> {
    const caller = await Caller.start(this.server, { name: this.named(name), question, ...more });
    this.tokens.add(caller.token);
    return caller;
  }

  /** A chat that this agent has had for days, with so many numbered messages. */
  async long(owner: Person, name: string, messages: number, days: number): Promise<Caller> {
    const full = this.named(name);
    const [session, token] = await this.server.longChat(owner, full, messages, days);
    this.tokens.add(token);
    return Caller.of(this.server, full, session, token);
  }

  async line(): Promise<Line> {
    const line = await Line.lay();
    this.lines.push(line);
    return line;
  }

  async clear(): Promise<void> {
    await Promise.all(this.contexts.map((context) => context.close()));
    await Promise.all(this.lines.map((line) => line.close()));
    await Promise.allSettled(this.reading);
    await Promise.all([...this.tokens].map((token) => leave(this.server, token)));
  }

  private at(page: Page, person: Person): Agent {
    return new Agent(page, this.server.account(person).name, this.server.dashboard);
  }

  private async context(options: BrowserContextOptions, browser = this.browser): Promise<BrowserContext> {
    const context = await browser.newContext(options);
    this.contexts.push(context);
    await this.guard.watch(context);
    // Whoever begins a chat, or is said to be somebody, is known by the token that comes back.
    context.on('response', (response) => {
      if (/\/w\/api\/(start|identify)$/.test(response.url()) && response.ok()) {
        this.reading.push(
          response.json().then(({ token }: { token: string | null }) => {
            if (token) this.tokens.add(token);
          }),
        );
      }
    });
    return context;
  }
}

export const test = base.extend<{ stage: Stage; guard: Guard; privateBrowser: Browser; emptyServer: Server }, { server: Server }>({
  // Chromium counts fresh contexts as private windows, and there it refuses all storage to frames of other sites. In
  // ordinary windows they have a partition of their own, and that is what nearly everyone has.
  browser: [
    async ({ playwright, launchOptions, headless }, use) => {
      const profile = await mkdtemp(join(tmpdir(), 'deskbell-browser-'));
      await mkdir(join(profile, 'Default'));
      await writeFile(join(profile, 'Default/Preferences'), '{"profile":{"cookie_controls_mode":0}}');
      const context = await playwright.chromium.launchPersistentContext(profile, { ...launchOptions, headless });
      const browser = context.browser();
      if (!browser) throw new Error('the profile has no browser');
      await use(browser);
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  privateBrowser: async ({ playwright, launchOptions, headless }, use) => {
    const browser = await playwright.chromium.launch({ ...launchOptions, headless });
    await use(browser);
    await browser.close();
  },

  server: [
    async ({}, use) => {
      const server = await Server.start();
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  emptyServer: async ({ guard }, use) => {
    const server = await Server.empty();
    guard.knows(server.dashboard);
    await use(server);
    await server.stop();
  },

  guard: async ({ server }, use) => {
    const guard = new Guard([server.dashboard, server.shop]);
    await use(guard);
    guard.verify(server.panics());
  },

  stage: async ({ browser, server, guard }, use, info) => {
    const unique = `${info.workerIndex}${Math.floor(Math.random() * 36 ** 4).toString(36).padStart(4, '0')}`;
    const stage = new Stage(browser, server, guard, unique);
    await use(stage);
    await stage.clear();
    if (info.status !== info.expectedStatus) {
      const path = info.outputPath('server.log');
      await writeFile(path, server.words());
      await info.attach('server log', { path, contentType: 'text/plain' });
    }
  },
});
