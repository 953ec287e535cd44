// A mail server of one's own: speaks SMTP on a port of this machine, and keeps what it is given.

import { createServer, type Server as TcpServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { expect } from '@playwright/test';

export interface Posted {
  to: string;
  subject: string;
  /** The two parts, decoded. */
  text: string;
  html: string;
}

export class MailServer {
  readonly posted: Posted[] = [];
  /** Whether it takes anything. While it does not, whoever comes is told to come back, and counted. */
  taking = true;
  sentAway = 0;
  private readonly server: TcpServer = createServer((socket) => this.converse(socket));

  static async open(): Promise<MailServer> {
    const mail = new MailServer();
    await new Promise<void>((resolve) => mail.server.listen(0, '127.0.0.1', resolve));
    return mail;
  }

  /** For a server's configuration. */
  settings(): Record<string, string> {
    const { port } = this.server.address() as AddressInfo;
    return { DESKBELL_MAIL__SERVER: `smtp://127.0.0.1:${port}`, DESKBELL_MAIL__FROM: 'Shop <desk@shop.example>' };
  }

  /** The letter that comes as the nth, counted from one. */
  async nth(n: number): Promise<Posted> {
    await expect.poll(() => this.posted.length).toBeGreaterThanOrEqual(n);
    const letter = this.posted[n - 1];
    if (!letter) throw new Error('The letter is gone.');
    return letter;
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }

  private converse(socket: Socket): void {
    const say = (line: string) => socket.write(`${line}\r\n`);
    let to = '';
    let data: string[] | undefined;
    socket.on('error', () => socket.destroy());
    if (!this.taking) {
      this.sentAway++;
      socket.end('421 come back later\r\n');
      return;
    }
    say('220 stories');
    createInterface({ input: socket, crlfDelay: Infinity }).on('line', (line) => {
      if (data) {
        if (line !== '.') data.push(line.replace(/^\./, ''));
        else {
          this.posted.push(read(to, data.join('\n')));
          data = undefined;
          say('250 taken');
        }
        return;
      }
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === 'RCPT') to = line.replace(/^.*<(.*)>.*$/, '$1');
      if (verb === 'DATA') data = [];
      say(verb === 'EHLO' ? '250 8BITMIME' : verb === 'DATA' ? '354 go on' : verb === 'QUIT' ? '221 bye' : '250 ok');
    });
  }
}

function read(to: string, data: string): Posted {
  const [head, body] = halves(data);
  const boundary = /boundary="([^"]+)"/.exec(head)?.[1];
  const parts = boundary ? body.split(`--${boundary}`).slice(1, -1).map((part) => halves(part.replace(/^\n/, ''))) : [];
  const part = (media: string) => {
    const found = parts.find(([own]) => own.includes(media));
    return found ? decoded(found[0], found[1]) : '';
  };
  const subject = /^Subject: (.*(?:\n .*)*)/m.exec(head)?.[1] ?? '';
  return { to, subject: words(subject), text: part('text/plain') || decoded(head, body), html: part('text/html') };
}

function halves(text: string): [string, string] {
  const at = text.indexOf('\n\n');
  return [text.slice(0, at), text.slice(at + 2)];
}

function decoded(head: string, body: string): string {
  if (/quoted-printable/i.test(head)) {
    const bytes = body.replace(/=\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
    return Buffer.from(bytes, 'latin1').toString('utf8');
  }
  return /base64/i.test(head) ? Buffer.from(body, 'base64').toString('utf8') : body;
}

/** A header's encoded words (RFC 2047). */
function words(header: string): string {
  return header
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?b\?([^?]*)\?=/gi, (_, text: string) => Buffer.from(text, 'base64').toString('utf8'));
}
