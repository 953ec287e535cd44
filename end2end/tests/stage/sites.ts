// Settings of the demo's site, as an admin saves them.

import type { Server } from './server.ts';

interface Site {
  id: string;
  draft: { settings: Record<string, unknown> };
}

/** Changes some of them; the others stay as they are. It holds for the next page that loads the widget. */
export async function setSite(server: Server, settings: Record<string, unknown>): Promise<void> {
  const [site] = (await server.asAdmin<{ sites: Site[] }>('sites-admin', {})).sites;
  if (!site) throw new Error('The demo has no site.');
  const draft = { ...site.draft, settings: { ...site.draft.settings, ...settings } };
  await server.asAdmin('save-site', { id: site.id, draft });
}
