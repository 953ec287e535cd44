// A push service of one's own. Chromium gets its subscriptions from Google's, which nobody can reach from here: the page is
// given one of this service instead, and what arrives is decrypted as a browser would (RFC 8291) and handed to the page's
// real service worker.

import { createDecipheriv, createECDH, hkdfSync, randomBytes, type ECDH } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContext, Page } from '@playwright/test';

export interface Pushed {
  headers: IncomingHttpHeaders;
  text: string;
}

export class PushService {
  readonly pushed: Pushed[] = [];
  private readonly keys: ECDH = createECDH('prime256v1');
  private readonly auth = randomBytes(16);
  private readonly server: HttpServer;

  private constructor() {
    this.keys.generateKeys();
    this.server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        this.pushed.push({ headers: request.headers, text: this.decrypt(Buffer.concat(parts)) });
        response.writeHead(201).end();
      });
    });
  }

  static async open(): Promise<PushService> {
    const service = new PushService();
    await new Promise<void>((resolve) => service.server.listen(0, '127.0.0.1', resolve));
    return service;
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Has the pages of this context subscribe here. What they ask for is kept as `window.subscribed`. */
  async serve(context: BrowserContext): Promise<void> {
    const endpoint = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/${randomBytes(8).toString('hex')}`;
    const keys = { p256dh: this.keys.getPublicKey('base64url'), auth: this.auth.toString('base64url') };
    await context.addInitScript(
      ([endpoint, keys]) => {
        const KEPT = 'story-subscription';
        const subscription = () => ({
          endpoint,
          toJSON: () => ({ endpoint, keys }),
          unsubscribe: async () => (localStorage.removeItem(KEPT), true),
        });
        Object.assign(PushManager.prototype, {
          subscribe: async (options: PushSubscriptionOptionsInit) => {
            const key = [...(options.applicationServerKey as Uint8Array)];
            localStorage.setItem(KEPT, JSON.stringify({ key, visible: options.userVisibleOnly }));
            return subscription();
          },
          getSubscription: async () => (localStorage.getItem(KEPT) ? subscription() : null),
        });
      },
      [endpoint, keys] as const,
    );
  }

  /** Hands a message to the service worker, as the browser does with what it has been pushed. */
  async deliver(page: Page, text: string): Promise<void> {
    const browser = await page.context().newCDPSession(page);
    const registered = new Promise<string>((resolve) => {
      browser.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const [registration] = registrations;
        if (registration) resolve(registration.registrationId);
      });
    });
    await browser.send('ServiceWorker.enable');
    const origin = new URL(page.url()).origin;
    await browser.send('ServiceWorker.deliverPushMessage', { origin, registrationId: await registered, data: text });
    await browser.detach();
  }

  /** RFC 8188 with one record, keyed as RFC 8291 says. */
  private decrypt(body: Buffer): string {
    const salt = body.subarray(0, 16);
    const theirs = body.subarray(21, 21 + body.readUInt8(20));
    const record = body.subarray(21 + theirs.length);
    const both = Buffer.concat([Buffer.from('WebPush: info\0'), this.keys.getPublicKey(), theirs]);
    const secret = Buffer.from(hkdfSync('sha256', this.keys.computeSecret(theirs), this.auth, both, 32));
    const derive = (info: string, length: number) => Buffer.from(hkdfSync('sha256', secret, salt, `${info}\0`, length));
    const cipher = createDecipheriv('aes-128-gcm', derive('Content-Encoding: aes128gcm', 16), derive('Content-Encoding: nonce', 12));
    cipher.setAuthTag(record.subarray(-16));
    const plain = Buffer.concat([cipher.update(record.subarray(0, -16)), cipher.final()]);
    // What follows the last byte that is not null is padding; that byte says that the record is the last.
    return plain.subarray(0, plain.lastIndexOf(2)).toString();
  }
}
