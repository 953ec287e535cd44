// A real server with a database of its own, for one worker.

import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** How long the server may take until it says that it is ready. */
const READY_WITHIN = 30_000;

/** How many lines of its log are kept for when something goes wrong. */
const LOG_LINES = 500;

export interface Account {
  role: string;
  name: string;
  email: string;
  password: string;
}

interface Facts {
  dashboard: string;
  shop?: string;
  accounts: Account[];
  setup?: string;
}

interface Rules {
  wait_timeout: number;
  wrap_up: 'none' | 'manual' | { timed: number };
  chat_limit: number;
}

/** Numbers are seconds. */
interface Settings {
  strategy: 'ring_by_turns' | 'ring_least_busy' | 'ring_all' | 'pick' | 'auto_answer';
  ring: number;
  pause: number;
  priority: number;
  after_wait: 'missed' | { queue: string };
  returning: 'any_agent' | 'same_agent' | 'new_agent';
  targets: { assign: number; reply: number };
  owner_wait: number;
}

interface Queue {
  id: string;
  name: string;
  rules: Rules;
  settings: Settings;
  members: string[];
  supervisors: string[];
  sites: string[];
}

export interface QueueChange {
  name?: string;
  members?: string[];
  supervisors?: string[];
  rules?: Partial<Rules>;
  settings?: Partial<Settings>;
  /** `null`: always open. */
  hours?: object | null;
  texts?: object;
}

/** The people of the demo, by the beginning of their addresses. */
export type Person = 'aki' | 'jo' | 'supervisor' | 'admin';

export class Server {
  /** Origins, without a slash at the end. */
  dashboard = '';
  shop = '';
  /** From the snippet on the shop's page. */
  siteKey = '';
  /** The link that makes the first admin, while there is nobody. */
  setup = '';
  private accounts: Account[] = [];
  private process: ChildProcess | undefined;
  private log: string[] = [];
  private panicked: string[] = [];
  private signIns = new Map<Person, Promise<string>>();
  private readonly data = mkdtempSync(join(tmpdir(), 'deskbell-e2e-'));
  private readonly binary = binary();
  /** How many seconds its clock is ahead of the machine's. */
  ahead = 0;
  private readonly killAtExit = () => this.process?.kill('SIGKILL');

  private constructor(
    private readonly demo: boolean,
    /** Configuration beside that of all stories. */
    private readonly settings: Record<string, string> = {},
  ) {
    process.on('exit', this.killAtExit);
  }

  /** Without the demo: nobody works there yet. */
  static async empty(): Promise<Server> {
    const server = new Server(false);
    await server.spawn('127.0.0.1:0');
    return server;
  }

  static async start(settings: Record<string, string> = {}): Promise<Server> {
    const server = new Server(true, settings);
    await server.spawn('127.0.0.1:0', '127.0.0.1:0');
    const html = await (await fetch(`${server.shop}/`)).text();
    const key = /\/w\/([^/"']+)\.js/.exec(html)?.[1];
    if (!key) throw new Error(`The shop's page carries no snippet:\n${html.slice(0, 2_000)}`);
    server.siteKey = key;
    // Most stories are of people who choose from the list; those of ringing set it for themselves, and back.
    await server.setQueue({ settings: { strategy: 'pick' } });
    return server;
  }

  /** Stops it without any warning. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Starts it again with the same data at the same addresses. */
  async startAgain(): Promise<void> {
    await this.spawn(`127.0.0.1:${new URL(this.dashboard).port}`, `127.0.0.1:${new URL(this.shop).port}`);
    // Time does not go back: what other stories ended would lie in the future.
    const ahead = this.ahead;
    this.ahead = 0;
    if (ahead > 0) await this.advance(ahead);
  }

  async stop(): Promise<void> {
    await this.end('SIGTERM');
    process.off('exit', this.killAtExit);
    rmSync(this.data, { recursive: true, force: true });
  }

  account(person: Person): Account {
    const found = this.accounts.find(({ email }) => email.startsWith(`${person}@`));
    if (!found) throw new Error(`The demo has no ${person}: ${JSON.stringify(this.accounts)}`);
    return found;
  }

  /** The cookie of a person who is signed in; everybody signs in once. */
  cookie(person: Person): Promise<string> {
    let cookie = this.signIns.get(person);
    if (!cookie) {
      cookie = this.signIn(person);
      this.signIns.set(person, cookie);
    }
    return cookie;
  }

  /** A sign-in of its own, for stories that end it. */
  async signIn(person: Person): Promise<string> {
    const { email, password } = this.account(person);
    const response = await fetch(`${this.dashboard}/sign-in`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: this.dashboard },
      body: new URLSearchParams({ email, password, next: '/inbox' }),
    });
    const cookie = response.headers
      .getSetCookie()
      .map((line) => /^deskbell_sign_in=([^;]+)/.exec(line)?.[1])
      .find((value) => value);
    if (!cookie) throw new Error(`${email} could not sign in: ${response.status} ${await response.text()}`);
    return cookie;
  }

  /** Changes the demo's queue, as an admin does; what is not named stays as it is. It holds at once. */
  async setQueue({ rules = {}, settings = {}, hours, texts, ...rest }: QueueChange): Promise<void> {
    const { queues } = await this.asAdmin<{ queues: Queue[] }>('queues-admin', {});
    const queue = queues.find(({ sites }) => sites.length > 0);
    if (!queue) throw new Error('The demo has no queue.');
    const { id, name, members, supervisors } = queue;
    const draft = {
      ...{ name, members, supervisors, ...rest },
      rules: { ...queue.rules, ...rules },
      settings: { ...queue.settings, ...settings },
    };
    await this.asAdmin('save-queue', { id, draft });
    if (hours !== undefined) await this.asAdmin('save-hours', { id, hours });
    if (texts !== undefined) await this.asAdmin('save-texts', { id, texts });
  }

  /** A server function, asked by the admin. */
  async asAdmin<T>(name: string, args: object): Promise<T> {
    const response = await fetch(`${this.dashboard}/api/${name}`, {
      method: 'POST',
      headers: {
        'origin': this.dashboard,
        'content-type': 'application/json',
        'cookie': `deskbell_sign_in=${await this.cookie('admin')}`,
      },
      body: JSON.stringify(args),
    });
    const body = await response.text();
    if (!response.ok) throw new Error(`${name} was refused with ${response.status}: ${body}`);
    return JSON.parse(body) as T;
  }

  /** Puts the engine's clock forward; what falls due meanwhile has been done when this returns. */
  async advance(seconds: number): Promise<void> {
    const answer = await fetch(`${this.shop}/test-clock/${seconds}`, { method: 'POST' });
    if (answer.status !== 204) throw new Error(`The clock could not be put forward: ${answer.status}`);
    this.ahead += seconds;
  }

  /**
   * A chat of this agent with so many numbered messages, evenly over the last days: its id, and its visitor's token. The
   * agent should be there: a chat whose owner has gone goes back to its queue.
   */
  async longChat(owner: Person, visitor: string, messages: number, days: number): Promise<[string, string]> {
    const [session, token] = (await this.seed(['test-chat', `${owner}@`, visitor, messages, days])).split(' ');
    if (!session || !token) throw new Error('There is no chat.');
    return [session, token];
  }

  /** So many chats that wait, begun a hundredth of a second after one another; the visitors are numbered. */
  async manyWaiting(visitor: string, chats: number): Promise<void> {
    await this.seed(['test-waiting', visitor, chats]);
  }

  private async seed(path: (string | number)[]): Promise<string> {
    const answer = await fetch(`${this.shop}/${path.map(encodeURIComponent).join('/')}`, { method: 'POST' });
    const body = await answer.text();
    if (answer.status !== 200) throw new Error(`${path[0]} was refused with ${answer.status}: ${body}`);
    return body;
  }

  /** The last lines of its log. */
  words(): string {
    return this.log.join('\n');
  }

  /** The panics since one last asked. */
  panics(): string[] {
    return this.panicked.splice(0);
  }

  private async spawn(listen: string, demoListen = ''): Promise<void> {
    const demo = this.demo ? ['--demo', '--demo-listen', demoListen] : [];
    const child = spawn(
      this.binary,
      ['serve', '--json', '--data', this.data, '--listen', listen, ...demo],
      { stdio: ['ignore', 'pipe', 'pipe'], env: environment(this.settings) },
    );
    this.process = child;
    createInterface({ input: child.stderr }).on('line', (line) => {
      this.log.push(line);
      if (line.includes('panicked at')) this.panicked.push(line);
      if (this.log.length > LOG_LINES) this.log.shift();
    });
    const line = await new Promise<string>((resolve, reject) => {
      const fail = (why: string) => reject(new Error(`${this.binary} ${why}. Its log:\n${this.words()}`));
      const late = setTimeout(() => fail(`was not ready within ${READY_WITHIN / 1000} s`), READY_WITHIN);
      const settle = (then: () => void) => {
        clearTimeout(late);
        then();
      };
      createInterface({ input: child.stdout }).once('line', (text) => settle(() => resolve(text)));
      child.once('error', (error) => settle(() => fail(`could not be started: ${error.message}`)));
      child.once('close', (code, signal) => settle(() => fail(`ended with ${signal ?? code}`)));
    });
    const facts = JSON.parse(line) as Facts;
    this.dashboard = new URL(facts.dashboard).origin;
    this.shop = facts.shop ? new URL(facts.shop).origin : '';
    this.accounts = facts.accounts;
    this.setup = facts.setup ?? '';
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.process;
    this.process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('close', resolve));
    child.kill(signal);
    // Whatever does not go when asked is not waited for: that it goes is for another test to show.
    const insist = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await gone;
    clearTimeout(insist);
  }
}

/** Without anybody's configuration, and without what is meant for the stories. Push services of the stories are on this machine. */
function environment(settings: Record<string, string>): NodeJS.ProcessEnv {
  const plain = Object.entries(process.env).filter(([name]) => !name.startsWith('DESKBELL_'));
  return { ...Object.fromEntries(plain), DESKBELL_OUTGOING__ALLOW_PRIVATE: '127.0.0.1/32', ...settings };
}

/** The binary that `cargo xtask test e2e` names. */
export function binary(): string {
  const path = process.env.DESKBELL_BIN;
  if (!path || !existsSync(path)) {
    throw new Error('DESKBELL_BIN names no server. Run the stories with `cargo xtask test e2e`, which builds and names it.');
  }
  return path;
}
