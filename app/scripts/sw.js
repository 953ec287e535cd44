// The service worker: shows what is pushed, opens the chat when that is pressed, and has a page for when the server cannot
// be reached. It keeps that page with its style and nothing else: no answer of the server's is ever stored.
//
// The server puts `self.FILES` before this: the offline page and the hashed files that it shows.

const KEPT = `offline ${FILES.join(' ')}`;
const PAGES = /^\/(inbox|resolved|settings)(\/|$)|^\/$/;

addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(KEPT)
      .then((cache) => cache.addAll(FILES))
      .then(() => skipWaiting()),
  );
});

addEventListener('activate', (event) => {
  const old = (names) => names.filter((name) => name !== KEPT).map((name) => caches.delete(name));
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(old(names)))
      .then(() => clients.claim()),
  );
});

addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin || request.method !== 'GET') return;
  if (request.mode === 'navigate' && PAGES.test(pathname)) {
    event.respondWith(fetch(request).catch(() => caches.match(FILES[0])));
  } else if (FILES.includes(pathname)) {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  }
});

addEventListener('push', (event) => {
  let said = {};
  try {
    said = event.data.json();
  } catch {}
  const options = {
    body: said.body ?? '',
    tag: said.tag || 'deskbell',
    renotify: true,
    requireInteraction: said.kind === 'offered',
    icon: self.ICON,
    data: { url: said.url ?? '/inbox' },
  };
  event.waitUntil(registration.showNotification(said.title ?? 'Deskbell', options));
});

addEventListener('notificationclick', (event) => {
  event.notification.close();
  const url = new URL(event.notification.data?.url ?? '/inbox', location.origin);
  // Never anywhere else, whatever was pushed.
  const path = url.origin === location.origin ? url.pathname : '/inbox';
  event.waitUntil(open(path));
});

async function open(path) {
  const tabs = await clients.matchAll({ type: 'window', includeUncontrolled: true });
  const tab = tabs.find(({ url }) => PAGES.test(new URL(url).pathname));
  if (!tab) return clients.openWindow(path);
  await tab.focus();
  tab.postMessage({ open: path });
}
