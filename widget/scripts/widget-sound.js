// The tone for a new message that the visitor does not see. Plain JavaScript on its own, fetched once a chat stands and the
// visitor has pressed something in this frame: before that browsers let nothing sound, and nobody wants it to. The tone is made
// here; there is no file of it.

const { key } = JSON.parse(document.getElementById('data').textContent);

// Another tab that has the message before its visitor's eyes says so within this, by what is kept.
const PATIENCE = 400;
// Of all tabs, and of all messages of one breath, one tone.
const QUIET = 3000;

const client = self.client;
const root = document.documentElement;
// What became of the last message, for whoever wants to know: waits, seen, off, elsewhere, rang.
const note = (what) => (root.dataset.tone = what);
const muted = () => !!client.kept()?.mute;
let [context, unread, fresh, waiting] = [null, 0, 0, 0];

// Every gesture may be the one that this browser asks for. It sleeps until there is something to sound: one that is awake keeps
// the loudspeaker busy.
const unlock = async () => {
  if (muted() || context?.unlocked) return;
  context ||= new AudioContext();
  await context.resume();
  context.unlocked = 1;
  await context.suspend();
};
for (const act of ['pointerdown', 'keydown']) addEventListener(act, () => unlock().catch(() => {}), true);
unlock().catch(() => {});

/** Two soft notes, a fifth apart. */
const sound = async () => {
  await context.resume();
  const now = context.currentTime;
  for (const [at, hertz] of [[0, 587], [0.13, 880]]) {
    const [wave, loudness] = [context.createOscillator(), context.createGain()];
    wave.frequency.value = hertz;
    loudness.gain.setValueAtTime(0, now + at);
    loudness.gain.linearRampToValueAtTime(0.14, now + at + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.0001, now + at + 0.5);
    wave.connect(loudness).connect(context.destination);
    wave.start(now + at);
    wave.stop(now + at + 0.5);
    if (at) wave.onended = () => context.suspend();
  }
  note('rang');
};

/** Does it in one of the tabs. Pages without TLS have no locks: there the first one says that it did. */
const once = async (task) => {
  if (navigator.locks) {
    return navigator.locks.request('deskbell.rang.' + key, { ifAvailable: true }, async (lock) => {
      if (!lock) return note('elsewhere');
      await task();
      await new Promise((go) => setTimeout(go, QUIET));
    });
  }
  const now = Date.now();
  if (now - (client.kept().rang || 0) < QUIET) return note('elsewhere');
  client.keep('rang', String(now));
  return task();
};

const ring = () => {
  waiting = 0;
  if (muted() || !context?.unlocked) return note('off');
  // A window of its own leaves it to the panel that it came from, for as long as that is there: it knows the other tabs.
  if ('out' in root.dataset && opener && !opener.closed) return note('elsewhere');
  once(sound).catch(() => note('off'));
};

addEventListener('told', ({ detail: [name, what] }) => {
  if (name == 'event' && what == 'message') {
    // Said before its number is, in the same breath. What comes with a resume is not said.
    fresh = 1;
    setTimeout(() => (fresh = 0));
  }
  // Switched on by a press that came before it was.
  if (name == 'put' && what == 'mute') unlock().catch(() => {});
  if (name == 'unread') {
    if (!what && waiting) {
      clearTimeout(waiting);
      waiting = 0;
      note('seen');
    } else if (fresh && what > unread && !waiting) {
      waiting = setTimeout(ring, PATIENCE);
      note('waits');
    }
    unread = what;
  }
});
