// What is rarely used of the panel: the menu, the acts in it, and the way to other scripts that are. Plain JavaScript on its
// own, fetched when one of them is first wanted, together with a fragment of markup and words in the panel's language
// (`ssr/views/more.rs`). To add an act: an item with its `data-act` there, and here a function of that name in ACTS; what one
// needs besides stands in the fragment with `data-before` or `data-into`, and its words among `ssr/more.rs`'s.
//
// Between these scripts and the client stand two functions of its, `client.kept()` (everything that outlives a reload, the
// token too) and `client.keep(name, value)`, and the event `told`: whatever the client tells the page around.

const root = document.documentElement;
const part = (id) => document.getElementById(id);
const find = (selector) => document.querySelector(selector);
const { key } = JSON.parse(part('data').textContent);

// Under an address that changes with this script, so that it never meets the fragment of another release.
const release = import.meta.url.split('/').pop();
const answer = await fetch(`/w/${encodeURIComponent(key)}/more?lang=${root.lang}&for=${encodeURIComponent(release)}`);
if (!answer.ok) throw answer.status;
const box = document.createElement('template');
box.innerHTML = await answer.text();
const { texts, urls } = JSON.parse(box.content.querySelector('script').textContent);

// Nothing is shown before it can look right.
await new Promise((go, stop) => {
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = urls.style;
  link.onload = go;
  link.onerror = stop;
  document.head.append(link);
});
// The key that closes one would close the panel too.
for (const dialog of box.content.querySelectorAll('dialog')) {
  dialog.addEventListener('keydown', (event) => event.key == 'Escape' && event.stopPropagation());
}
for (const node of [...box.content.children]) {
  const { before, into } = node.dataset;
  if (before) find(before).before(node);
  else find(into || 'body').append(node);
}

const [menu, button, said, lost] = ['menu', 'menu-button', 'more-said', 'lost'].map(part);
const say = (words) => (said.textContent = words);
const token = () => self.client.kept().token;

const scripts = {};

/** A script of its own, at its first use. One that did not come is asked for under another address: browsers remember. */
const load = (name) =>
  (scripts[name] ||= import(urls[name]).catch((error) => {
    scripts[name] = 0;
    urls[name] += '?';
    throw error;
  }));

/** In a window of its own, before the client starts. */
export const enter = async () => {
  const known = await (await load('window')).enter();
  if (known === false) say(texts.link_old);
};
export const files = () => load('files');
export const emoji = async () => (await load('emoji')).open();

// ---- the menu

const items = () => [...menu.querySelectorAll('[data-act]:not([hidden])')];
const item = (act) => menu.querySelector(`[data-act=${act}]`);

const shut = (focus) => {
  menu.hidden = true;
  button.setAttribute('aria-expanded', false);
  if (focus) button.focus();
};

const check = (act, on) => item(act).setAttribute('aria-checked', on);

// Whether there are earlier chats, and for which chat that was asked.
let [earlier, asked] = [false, ''];

/** Asks once for each chat; a menu does not wait for it longer than one would notice. */
const look = async () => {
  const [, , session] = self.words.files;
  if (asked == session) return;
  const answer = await fetch('/w/api/chats', { headers: { Authorization: 'Bearer ' + token() } });
  if (!answer.ok) return;
  earlier = (await answer.json()).chats.length > 0;
  asked = session;
};

export const open = async () => {
  if (!menu.hidden) return shut();
  say('');
  await Promise.race([look().catch(() => {}), new Promise((go) => setTimeout(go, 500))]);
  item('earlier').hidden = !earlier;
  check('size', root.hasAttribute('data-large'));
  check('sound', !self.client.kept().mute);
  // Only from a page, and where windows can stand side by side.
  item('window').hidden = parent == self || matchMedia('(hover: none) and (pointer: coarse)').matches;
  item('leave').hidden = part('chat-view').hasAttribute('data-ended');
  menu.hidden = false;
  button.setAttribute('aria-expanded', true);
  items()[0].focus();
};

menu.onkeydown = button.onkeydown = (event) => {
  if (menu.hidden) return;
  const all = items();
  const at = all.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at < 0 ? -1 : at - 1, Home: 0, End: -1 }[event.key];
  if (to != null) {
    event.preventDefault();
    all.at(to % all.length).focus();
  } else if (event.key == 'Escape') {
    // Else the panel would close.
    event.stopPropagation();
    shut(1);
  } else if (event.key == 'Tab') shut();
};
addEventListener('click', (event) => {
  if (!event.target.closest('#menu,#menu-button')) shut();
});
menu.onclick = async (event) => {
  const chosen = event.target.closest('[data-act]');
  if (!chosen) return;
  shut(1);
  say('');
  try {
    await ACTS[chosen.dataset.act]();
    lost.hidden = true;
  } catch {
    lost.hidden = false;
  }
};

// ---- a window of its own

let popup;

const popOut = () => {
  if (popup && !popup.closed) return popup.focus();
  popup = self.open(location.pathname + location.search + '#out', '', 'popup,width=420,height=680');
  if (!popup) return say(texts.window_blocked);
  // The panel on the page.
  part('close').click();
};
addEventListener('message', async ({ source, origin, data }) => {
  // The token goes to the window that was opened here, while it shows our own page, and to nobody else.
  if (!popup || source != popup || origin != location.origin || data?.deskbell != 'window') return;
  const { pair } = await load('window');
  const { port1, port2 } = new MessageChannel();
  popup.postMessage({ deskbell: 'port' }, location.origin, [port2]);
  port1.postMessage(self.client.kept());
  pair(port1);
});

/** The two dialogs about what goes by e-mail. */
const letters = async (name) => {
  const { default: start } = await load('letters');
  scripts.acts ||= start({ texts, token, say });
  scripts.acts[name]();
};

// ---- what is in the menu

const ACTS = {
  size() {
    const large = root.toggleAttribute('data-large');
    self.client.keep('large', large ? '1' : null);
    // Who reads along goes on doing so.
    dispatchEvent(new Event('resize'));
  },

  sound() {
    self.client.keep('mute', self.client.kept().mute ? null : '1');
  },

  earlier: async () => (await load('earlier')).open(),

  window: popOut,

  mail: () => letters('mail'),
  data: () => letters('data'),

  async download() {
    try {
      const answer = await fetch('/w/api/transcript?lang=' + root.lang, { headers: { Authorization: 'Bearer ' + token() } });
      if (!answer.ok) throw answer.status;
      const link = document.createElement('a');
      link.href = URL.createObjectURL(await answer.blob());
      link.download = 'chat.txt';
      link.click();
      URL.revokeObjectURL(link.href);
    } catch {
      say(texts.download_failed);
    }
  },

  leave() {
    part('leave').showModal();
    part('leave-no').focus();
  },
};
