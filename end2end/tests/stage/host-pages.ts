// Host pages that are harder to live on than the shop's own, at the shop's origin.

import type { Line } from './line.ts';
import type { Server } from './server.ts';

interface HostPage {
  /** In the head, before the snippet. */
  head?: string;
  /** Attributes of the body. */
  body?: string;
  title?: string;
  headers?: Record<string, string>;
  /** In place of the snippet. */
  snippet?: string;
}

/** Puts such a page at `/host` of the shop, for whoever is on this line. */
export function hostPage(line: Line, server: Server, { head = '', body = '', title, headers, snippet }: HostPage): string {
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title ?? 'A page'}</title><link rel="icon" href="data:,">${head}</head>
    <body ${body}><main><h1>A page</h1><p>With some text on it.</p><button type="button">Buy</button></main>
    ${snippet ?? `<script async src="${server.dashboard}/w/${server.siteKey}.js"></script>`}</body></html>`;
  line.serve(`${server.shop}/host`, html, headers);
  return '/host';
}
