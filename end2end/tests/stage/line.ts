// One person's line to the world: a small forward proxy that can be cut and mended, that can refuse sockets as some
// offices do, and that can put pages of its own at an address. (Chromium's own emulation does none of this here: offline
// it leaves open sockets alone, and a page that was fulfilled by a route may not embed a frame of this machine.)

import { createServer, request as forward, type IncomingMessage, type Server as HttpServer, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

export class Line {
  /** Refuses WebSockets. Over a proxy they are tunnels, and nothing else here is. */
  socketsRefused = false;
  private cutOff: RegExp | undefined;
  private readonly pages = new Map<string, { html: string; headers: Record<string, string> }>();
  private readonly running = new Map<Socket, string>();
  private readonly server: HttpServer;

  private constructor() {
    this.server = createServer((request, response) => this.pass(request, response));
    this.server.on('connect', (request: IncomingMessage, socket: Socket, head: Buffer) => this.tunnel(request, socket, head));
  }

  static async lay(): Promise<Line> {
    const line = new Line();
    await new Promise<void>((resolve) => line.server.listen(0, '127.0.0.1', resolve));
    return line;
  }

  /** What a browser context is given as its `proxy`. */
  get proxy(): { server: string } {
    return { server: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}` };
  }

  /** From now on no request to these addresses gets through, and no socket; the ones that run are broken off. */
  cut(addresses = /./): void {
    this.cutOff = addresses;
    for (const [socket, address] of this.running) if (this.refuses(address)) socket.destroy();
  }

  mend(): void {
    this.cutOff = undefined;
  }

  /** Answers for this address from now on. */
  serve(address: string, html: string, headers: Record<string, string> = {}): void {
    this.pages.set(address, { html, headers: { 'content-type': 'text/html; charset=utf-8', ...headers } });
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    for (const socket of this.running.keys()) socket.destroy();
    await closed;
  }

  private refuses(address: string): boolean {
    return this.cutOff !== undefined && (address === 'socket' || this.cutOff.test(address));
  }

  private pass(request: IncomingMessage, response: ServerResponse): void {
    const address = request.url ?? '';
    const socket = request.socket;
    if (this.refuses(address)) {
      socket.destroy();
      return;
    }
    const page = this.pages.get(address);
    if (page) {
      response.writeHead(200, page.headers).end(page.html);
      return;
    }
    this.running.set(socket, address);
    const { hostname, port, pathname, search } = new URL(address);
    const { method, headers } = request;
    // A page asks for `localhost`; the server listens on one address of it.
    const onward = forward({ host: loopback(hostname), port, path: pathname + search, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      response.flushHeaders();
      answer.pipe(response);
      answer.on('error', () => socket.destroy());
    });
    onward.on('error', () => socket.destroy());
    response.on('close', () => {
      onward.destroy();
      this.running.delete(socket);
    });
    request.pipe(onward);
  }

  private tunnel(request: IncomingMessage, socket: Socket, head: Buffer): void {
    if (this.socketsRefused || this.refuses('socket')) {
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    const { hostname, port } = new URL(`http://${request.url}`);
    const onward = connect(Number(port), loopback(hostname), () => {
      socket.write('HTTP/1.1 200 Connected\r\n\r\n');
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    this.running.set(socket, 'socket');
    for (const [one, other] of [[socket, onward], [onward, socket]] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
    socket.on('close', () => this.running.delete(socket));
  }
}

function loopback(hostname: string): string {
  return hostname === 'localhost' ? '127.0.0.1' : hostname;
}
