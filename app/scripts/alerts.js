// Alerts of an open tab: sound, notifications of the system, the subscription to Web Push. Plain JavaScript, because it
// is all calls into the browser, which weigh a multiple of this through WebAssembly.
//
// The dashboard says what is to be told by `deskbell-alerts` events (JSON); this file answers with `deskbell-health`.
// Of several tabs one speaks: whoever holds the lock. Sound needs a gesture first, so it has a lock of its own.

const VOLUMES = { off: 0, low: 0.12, medium: 0.35, high: 0.9 };
const root = document.documentElement;
const secure = isSecureContext;
const me = Math.random().toString(36).slice(2);

let prefs = null;
let ringing = [];
let audio = null;
let sounds = null;
let stopRing = null;
let registration = null;
let subscribed = false;
const holds = { sound: false, notify: false };

const read = (name) => {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
};
const keep = (name, value) => {
  try {
    localStorage.setItem(name, value);
  } catch {}
};
const volume = () => VOLUMES[read('alerts-volume')] ?? VOLUMES.medium;
const permission = () => ('Notification' in window ? Notification.permission : 'none');

// Without locks (no secure context) the tab that was used last speaks.
const speaks = (what) => (navigator.locks ? holds[what] : (read('alerts-tab') ?? me) === me);

const hold = (what) => {
  if (!navigator.locks) return keep('alerts-tab', me);
  if (holds[what] !== false) return;
  holds[what] = null;
  // Held as long as the tab lives.
  navigator.locks.request(`deskbell-${what}`, () => {
    holds[what] = true;
    settle();
    return new Promise(() => {});
  });
};

// ---- sound

const bell = (notes, seconds) => {
  const rate = audio.sampleRate;
  const buffer = audio.createBuffer(1, Math.ceil(rate * seconds), rate);
  const data = buffer.getChannelData(0);
  for (const [start, hertz, length] of notes) {
    for (let i = 0; i < length * rate; i++) {
      const t = i / rate;
      const shape = Math.min(1, t / 0.008) * Math.exp((-5 * t) / length);
      const wave = Math.sin(2 * Math.PI * hertz * t) + 0.35 * Math.sin(4 * Math.PI * hertz * t);
      data[Math.floor(start * rate) + i] += 0.4 * shape * wave;
    }
  }
  return buffer;
};

// A ring is one looping buffer, not a timer: hidden tabs get their timers only now and then.
const play = (buffer, loop) => {
  const source = audio.createBufferSource();
  const gain = audio.createGain();
  gain.gain.value = volume();
  source.buffer = buffer;
  source.loop = loop;
  source.connect(gain).connect(audio.destination);
  source.start();
  return () => {
    source.stop();
    gain.disconnect();
  };
};

const audible = () => audio?.state === 'running';

// Browsers let a page sound only after somebody has pressed something on it.
const unlock = async () => {
  if (audible()) return;
  audio ??= new AudioContext();
  await audio.resume();
  sounds ??= {
    ring: bell([[0, 659, 0.7], [0.18, 880, 0.9], [0.9, 659, 0.7], [1.08, 880, 0.9]], 3),
    ping: bell([[0, 880, 0.25], [0.09, 1175, 0.35]], 0.5),
  };
  hold('sound');
  settle();
};
for (const type of ['pointerdown', 'keydown']) {
  addEventListener(type, () => void unlock().catch(() => {}), { capture: true });
}

const ping = () => {
  if (audible() && speaks('sound') && volume() > 0) play(sounds.ping, false);
};

// ---- what is going on

const settle = async () => {
  const wanted = ringing.length > 0 && !!prefs?.offered.sound && volume() > 0;
  const can = audible() && speaks('sound');
  if (stopRing && !(wanted && can)) {
    stopRing();
    stopRing = null;
  } else if (!stopRing && wanted && can) {
    stopRing = play(sounds.ring, true);
  }
  let state = stopRing ? 'on' : 'off';
  if (wanted && !stopRing) {
    const locks = (await navigator.locks?.query())?.held ?? [];
    state = locks.some((lock) => lock.name === 'deskbell-sound') ? 'elsewhere' : 'silent';
    if (stopRing || ringing.length === 0) return;
  }
  root.dataset.ring = state;
  banner(state === 'silent');
  health();
};

let warned = null;
const banner = (on) => {
  if (on === !!warned) return;
  if (!on) {
    warned.remove();
    warned = null;
    return;
  }
  warned = document.createElement('div');
  warned.className = 'dk-unheard';
  warned.setAttribute('role', 'alert');
  const words = document.createElement('span');
  words.textContent = 'A chat rings, and you cannot hear it yet.';
  const turnOn = document.createElement('button');
  turnOn.type = 'button';
  turnOn.className = 'dk-button dk-button--accent';
  turnOn.textContent = 'Turn on sound';
  const more = document.createElement('a');
  more.href = '/settings/alerts';
  more.textContent = 'Check alerts';
  warned.append(words, turnOn, more);
  document.body.append(warned);
};

const go = (path) => {
  const link = document.createElement('a');
  link.href = path;
  document.body.append(link);
  link.click();
  link.remove();
};

const HEADLINES = { offered: (who) => `${who} is waiting`, message: (who) => `${who} wrote`, missed: (who) => `Missed: ${who}` };
const PLACES = { offered: 'incoming', message: 'active', missed: 'recent' };

const notify = async (title, body, url, tag, stays) => {
  const options = { body, tag, renotify: true, requireInteraction: stays, data: { url }, icon: ICON };
  // By the worker where there is one: its notifications share their tags with those of Web Push, so none is shown twice.
  if (registration?.active) return registration.showNotification(title, options);
  const shown = new Notification(title, options);
  shown.onclick = () => {
    focus();
    shown.close();
    go(url);
  };
};
const ICON = document.querySelector('link[rel="apple-touch-icon"]')?.href;

const tell = (alert) => {
  const ways = prefs?.[alert.kind];
  if (!ways) return;
  const rings = alert.kind === 'offered' && ringing.includes(alert.session);
  const quiet = alert.kind === 'message' && (alert.focused || (read('alerts-quiet') ?? '').split(' ').includes(alert.session));
  if (ways.sound && !rings && !quiet) ping();
  if (ways.desktop && !alert.visible && permission() === 'granted' && speaks('notify')) {
    const url = `/inbox/${PLACES[alert.kind]}/${alert.session}`;
    notify(HEADLINES[alert.kind](alert.title), alert.text, url, alert.session, rings).catch(() => {});
  }
};

const answered = async (sessions) => {
  for (const tag of sessions) {
    for (const shown of (await registration?.getNotifications({ tag })) ?? []) shown.close();
  }
};

// ---- Web Push

const call = async (name, body = {}) => {
  const answer = await fetch(`/api/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return answer.json();
};
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));

const register = async (subscription) => {
  const { endpoint, keys } = subscription.toJSON();
  await call('alerts-subscribe', { browser: { endpoint, p256dh: keys.p256dh, auth: keys.auth } });
  subscribed = true;
};
const subscribe = async () => {
  if ((await Notification.requestPermission()) !== 'granted') return;
  const { push_key } = await call('alerts');
  const applicationServerKey = bytes(push_key);
  await register(await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey }));
};
const unsubscribe = async () => {
  await (await registration.pushManager.getSubscription())?.unsubscribe();
  await call('alerts-unsubscribe');
  subscribed = false;
};

const install = async () => {
  if (!secure || !navigator.serviceWorker) return;
  navigator.serviceWorker.addEventListener('message', ({ data }) => data?.open && go(data.open));
  registration = await navigator.serviceWorker.register('/sw.js');
  const subscription = await registration.pushManager?.getSubscription();
  if (subscription) {
    // Another sign-in in the same browser takes the subscription over.
    const known = await call('alerts');
    if (known.subscribed === subscription.endpoint) subscribed = true;
    else await register(subscription);
  }
};

// ---- health

const NEEDS_HTTPS = 'The browser allows this only over https. Ask your admin.';

const states = () => {
  const desktop = {
    none: [false, 'This browser has no notifications.'],
    denied: [false, 'Blocked. Allow notifications for this site in the settings of your browser.'],
    default: [false, 'Not allowed yet.', 'Allow'],
    granted: [true, 'Allowed.'],
  }[permission()];
  const sound =
    volume() === 0
      ? [false, 'Muted. Turn it up in the menu of your availability.']
      : audible()
        ? [true, 'On.']
        : [false, 'The browser keeps silent until you press something on this page.', 'Turn on'];
  let push = [false, 'Not set up in this browser.', 'Turn on'];
  if (!secure) push = [false, NEEDS_HTTPS];
  else if (!registration) push = [false, 'The service worker does not run. Load the page again.'];
  else if (!registration.pushManager) push = [false, 'This browser takes no push messages.'];
  else if (permission() === 'denied') push = desktop;
  else if (subscribed) push = [true, 'On in this browser.', 'Turn off'];
  return { desktop: secure ? desktop : [false, NEEDS_HTTPS], sound, badge: [true, 'Always works.'], push };
};

let failed = '';
const health = () => {
  const all = Object.entries(states()).map(([way, [ok, words, fix]]) => [way, { ok, words, fix: fix ?? null }]);
  dispatchEvent(new CustomEvent('deskbell-health', { detail: JSON.stringify({ ...Object.fromEntries(all), failed }) }));
};

const DO = {
  health: () => {},
  'fix-desktop': () => Notification.requestPermission(),
  'fix-sound': unlock,
  'fix-push': () => (subscribed ? unsubscribe() : subscribe()),
  'test-desktop': () => notify('Alerts work', 'This is how a chat is announced.', '/settings/alerts', 'test', false),
  'test-sound': async () => {
    await unlock();
    play(sounds.ping, false);
    root.dataset.sounded = String(Number(root.dataset.sounded ?? 0) + 1);
  },
  'test-badge': () => {
    const icon = document.querySelector('link[rel=icon]');
    const [title, href] = [document.title, icon.href];
    document.title = `(1) ${title}`;
    icon.href = icon.dataset.unread;
    setTimeout(() => {
      document.title = title;
      icon.href = href;
    }, 4000);
  },
};

addEventListener('deskbell-alerts', async ({ detail }) => {
  const said = JSON.parse(detail);
  if (said.prefs) prefs = said.prefs;
  if (said.ring) {
    const over = ringing.filter((session) => !said.ring.includes(session));
    ringing = said.ring;
    answered(over).catch(() => {});
  }
  if (said.alert) tell(said.alert);
  if ('badge' in said) navigator.setAppBadge?.(said.badge).catch(() => {});
  if (said.do) {
    failed = '';
    try {
      await DO[said.do]?.();
    } catch {
      // What the browser refuses has a reason that only it knows: a push service out of reach, say.
      failed = said.do;
    }
  }
  settle();
});
addEventListener('storage', settle);
addEventListener('pagehide', () => {
  if (read('alerts-tab') === me) localStorage.removeItem('alerts-tab');
});

hold('notify');
root.dataset.ring = 'off';
install().catch(() => {}).then(settle);
