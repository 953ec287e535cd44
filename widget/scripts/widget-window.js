// The chat in a window of its own: what is done there before the client starts. It has the panel's document, and no page around
// it. What was kept, the token above all, comes from the panel that opened it (`popOut` in widget-more.js), over a port and from
// our own origin only; afterwards each tells the other what it keeps, so that the two are like two tabs.

const root = document.documentElement;
const { key, site } = JSON.parse(document.getElementById('data').textContent);
const prefix = `deskbell.${key}.`;

// Longer than the panel takes to answer, if it is there at all.
const PATIENCE = 3000;

let port;
// By its name, what the other side has told: not to be told back.
const came = {};

const tell = (name, value) => {
  const known = name in came && came[name] === value;
  delete came[name];
  if (!known) port.postMessage([name, value]);
};

/** From here on both sides keep the same; a window that was reloaded brings a new port. */
export const pair = (given) => {
  const first = !port;
  port = given;
  port.onmessage = ({ data: [name, value] }) => {
    came[name] = value;
    try {
      self.client.keep(name, value);
    } catch {
      // Not there yet: it will find it.
      value == null ? localStorage.removeItem(prefix + name) : localStorage.setItem(prefix + name, value);
    }
  };
  if (!first) return;
  addEventListener('told', ({ detail: [what, name, value] }) => what == 'put' && tell(name, value));
  // Another tab's.
  addEventListener('storage', ({ key: name, newValue }) => name?.startsWith(prefix) && tell(name.slice(prefix.length), newValue));
};

const title = (unread) => (document.title = (unread ? `(${unread}) ` : '') + site);

/** What the server says to the code of a link. While it says nothing, or not now, the link stays as it is and is tried again. */
const comeBack = async (code) => {
  const lost = document.getElementById('lost');
  for (let pause = 1000; ; pause = Math.min(2 * pause, 15_000)) {
    try {
      const answer = await fetch('/w/api/return', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ code }),
      });
      lost.hidden = true;
      if (answer.status != 429 && answer.status < 500) return answer;
    } catch {
      // No network.
    }
    lost.hidden = false;
    await new Promise((go) => setTimeout(go, pause));
  }
};

export const enter = async () => {
  root.dataset.out = '';
  // There is no page around into which it could be closed; the window has a button of its own.
  document.getElementById('close').hidden = true;
  title();
  addEventListener('told', ({ detail: [name, what] }) => {
    if (name == 'unread') title(what);
    // It was opened to go on writing.
    if (name == 'chat' && document.activeElement == document.body) document.getElementById('message').focus();
  });
  // What is kept ends with the window: this storage is not the page's, which may forget who was here.
  const storage = sessionStorage;
  Object.defineProperty(self, 'localStorage', { value: storage });
  // From the link in a letter: what it holds is worth a token, and stands in no address afterwards.
  const [panel, byLetter] = [location.pathname.replace(/chat$/, 'panel'), location.pathname.endsWith('/chat')];
  if (byLetter) {
    const answer = await comeBack(location.hash.slice(1));
    history.replaceState(null, '', panel + location.search + '#out');
    if (!answer.ok) return false;
    storage.setItem(prefix + 'token', (await answer.json()).token);
    return;
  }
  if (!opener || opener.closed) {
    // Cut off from the panel by a policy of the page, which said there that it was blocked.
    if (!storage.getItem(prefix + 'token')) close();
    return;
  }
  await new Promise((go) => {
    setTimeout(go, PATIENCE);
    addEventListener('message', ({ source, origin, data, ports: [given] }) => {
      if (source != opener || origin != location.origin || data?.deskbell != 'port') return;
      given.onmessage = ({ data: kept }) => {
        storage.removeItem('deskbell.tab');
        for (const name in kept) storage.setItem(prefix + name, kept[name]);
        pair(given);
        go();
      };
    });
    opener.postMessage({ deskbell: 'window' }, location.origin);
  });
};
