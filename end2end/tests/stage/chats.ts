// Visitors without a browser: the public API, as a script would use it.

import { randomUUID } from 'node:crypto';
import { expect } from '@playwright/test';
import type { Server } from './server.ts';

export interface Answers {
  name?: string;
  email?: string;
  question: string;
}

/** One visitor's chat over plain HTTP. */
export class Caller {
  private constructor(
    private readonly server: Server,
    readonly name: string,
    readonly token: string,
    readonly session: string,
  ) {}

  static async start(server: Server, answers: Answers): Promise<Caller> {
    const response = await fetch(`${server.dashboard}/w/api/start`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        site: server.siteKey,
        client_id: randomUUID(),
        answers,
        page: { url: `${server.shop}/chairs`, title: 'Chairs' },
        language: 'en',
      }),
    });
    expect(response.status, await response.clone().text()).toBe(200);
    const { token, session } = (await response.json()) as { token: string; session: string };
    return new Caller(server, answers.name ?? '', token, session);
  }

  /** Somebody whose chat there is already. */
  static of(server: Server, name: string, session: string, token: string): Caller {
    return new Caller(server, name, token, session);
  }

  async say(text: string): Promise<void> {
    const response = await frame(this.server, this.token, { send: { client_id: randomUUID(), text } });
    expect(response.status, await response.text()).toBe(200);
  }

  leave(): Promise<void> {
    return leave(this.server, this.token);
  }

  async rate(stars: number, words: string): Promise<void> {
    const response = await frame(this.server, this.token, { rate: { client_id: randomUUID(), stars, words } });
    expect(response.status, await response.text()).toBe(200);
  }
}

/** Ends a chat from the visitor's side, whatever its state. */
export async function leave(server: Server, token: string): Promise<void> {
  const response = await frame(server, token, { leave: { client_id: randomUUID() } });
  // 409: it has ended already. 401: the page said who it is since, and they have another token. 404: they never chatted.
  expect([200, 401, 404, 409], await response.text()).toContain(response.status);
}

function frame(server: Server, token: string, body: unknown): Promise<Response> {
  return fetch(`${server.dashboard}/w/api/frame`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
}
