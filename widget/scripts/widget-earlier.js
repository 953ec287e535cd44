// Earlier chats of this visitor, to be read. Plain JavaScript on its own, fetched when the menu's item for it is used: a list in a
// dialog, and one of them at a time, by pages from its end. Bubbles and lines are made of the panel's own templates; what happened
// is worded as `lines.rs` words it.

const part = (id) => document.getElementById(id);
const { texts } = JSON.parse(part('more-data').textContent);
const { site } = JSON.parse(part('data').textContent);
const language = document.documentElement.lang;
const [dialog, title, list, log, older, back, said] =
  ['earlier', 'earlier-title', 'earlier-list', 'earlier-log', 'earlier-more', 'earlier-back', 'earlier-said'].map(part);

const room = log.parentElement;

const ask = async (path) => {
  const answer = await fetch('/w/api/' + path, { headers: { Authorization: 'Bearer ' + self.client.kept().token } });
  if (!answer.ok) throw answer.status;
  return answer.json();
};

const fill = (words, what) => words.replace(/{\w+}/, () => what);
const day = (at) => new Date(at).toLocaleDateString(language, { day: 'numeric', month: 'long', year: 'numeric' });
const time = (at) => new Date(at).toLocaleTimeString([], { hour: 'numeric', minute: '2-digit' });

const make = (name, words, attributes) => {
  const made = document.createElement(name);
  made.textContent = words;
  for (const key in attributes) made.setAttribute(key, attributes[key]);
  return made;
};

/** A variant as it comes: its name, and what is in it. */
const variant = (one) => (typeof one == 'string' ? [one, {}] : Object.entries(one)[0]);

// ---- the list

// What is listed, and whether there are older ones; the chat that is read, the number of the first event of it that is here, and
// whether there are earlier ones.
let [known, further] = [[], false];
let [session, first, above] = ['', 0, false];

/** How it ended, where that is worth a word. */
const ends = ({ outcome }) => ({ left: texts.left, missed: texts.missed, abandoned: texts.abandoned, blocked: texts.blocked })[outcome];

const row = (chat) => {
  const made = document.createElement('li');
  const button = make('button', '', { type: 'button' });
  const about = [day(chat.at), chat.agent?.name].filter(Boolean).join(' · ');
  button.append(make('b', chat.first_words || about, { dir: 'auto' }));
  if (chat.first_words) button.append(make('span', about, { dir: 'auto' }));
  const end = [ends(chat), chat.stars && '★'.repeat(chat.stars)].filter(Boolean).join(' · ');
  if (end) button.append(make('span', end, chat.stars && !ends(chat) ? { 'aria-label': fill(texts.rated, chat.stars), role: 'img' } : {}));
  button.onclick = () => trying(() => read(chat));
  made.append(button);
  return made;
};

const page = async () => {
  const last = known.at(-1);
  const answer = await ask('chats' + (last ? '?before=' + last.session : ''));
  known.push(...answer.chats);
  further = answer.more;
  list.append(...answer.chats.map(row));
};

const show = () => {
  const reading = !!session;
  list.hidden = reading;
  log.hidden = back.hidden = !reading;
  older.hidden = !(reading ? above : further);
  older.textContent = reading ? texts.older_messages : texts.older_chats;
  if (!reading) title.textContent = texts.earlier_chats;
};

/** Says that it takes a while, or that it did not work: then what was asked for can be asked for again. */
const trying = async (task) => {
  said.textContent = texts.loading;
  try {
    await task();
    said.textContent = '';
  } catch {
    said.textContent = texts.more_lost;
  }
};

// ---- one of them

const cloned = (id) => part(id).content.firstElementChild.cloneNode(true);

/** In the words of `lines.rs`; nothing for what has none. */
const words = ({ who, what }) => {
  const [name, inside] = variant(what);
  const by = variant(who)[1].name || site;
  const outcome = { handled: 'ended_by', left: 'left', missed: 'missed', abandoned: 'abandoned', blocked: 'blocked' };
  const [text, filling] = {
    attachments_allowed: [inside.on ? 'attachments_on' : 'attachments_off', by],
    joined: ['joined', by],
    assigned: ['assigned', inside.to?.name],
    requeued: ['requeued'],
    left: ['agent_left', by],
    away: ['agent_away', inside.agent?.name],
    back: ['agent_back', inside.agent?.name],
    resumed: ['resumed'],
    rated: ['rated', inside.stars],
    ended: [outcome[inside.outcome], by],
  }[name] || [];
  return text && fill(texts[text], filling);
};

const link = async (node, file) => {
  const { file: address, preview } = await ask('files/' + file.id);
  node.href = address;
  if (preview) node.querySelector('img').src = preview;
};

/** Web addresses become links, as in the chat. */
const bubble = (node, text) => {
  for (const piece of text.split(/(https?:\/\/[^\s<>"']*[^\s<>"'.,:;!?)\]}])/)) {
    if (!/^https?:\/\//.test(piece)) node.append(piece);
    else node.append(make('a', piece, { href: piece, target: '_blank', rel: 'noopener noreferrer nofollow' }));
  }
};

const turn = (event) => {
  const [name, inside] = variant(event.what);
  const [author, face] = variant(event.who);
  let node;
  if (name == 'message') {
    node = cloned('t-message');
    bubble(node.querySelector('.bubble'), inside.text);
  } else if (name == 'attachment') {
    node = cloned('t-file');
    const file = node.querySelector('a');
    const picture = file.querySelector('img');
    if (inside.preview) {
      picture.alt = inside.name;
      // The room is there before the picture is.
      if (inside.size) [picture.width, picture.height] = inside.size;
      node.classList.add('pictured');
    } else picture.remove();
    file.querySelector('.name').textContent = inside.name;
    file.querySelector('.kind').textContent = inside.media.toUpperCase();
    link(file, inside).catch(() => {});
  } else {
    const line = words(event);
    if (!line) return;
    node = cloned('t-line');
    node.querySelector('span').textContent = line;
  }
  node.dataset.by = author + (face.name || '');
  node.dataset.at = event.at;
  node.classList.toggle('own', author == 'visitor' && name != 'ended');
  const by = node.querySelector('b');
  if (by) by.textContent = author == 'visitor' ? texts.you : face.name || site;
  else node.classList.remove('own');
  node.querySelector('time').textContent = time(event.at);
  return node;
};

/** Days and names anew: what stands above decides. */
const regroup = () => {
  let before;
  for (const node of log.children) {
    const label = node.querySelector('.day');
    const on = day(+node.dataset.at);
    const another = !before || day(+before.dataset.at) != on;
    label.hidden = !another;
    label.textContent = on;
    const joins = before?.dataset.by == node.dataset.by && !node.matches('.line') && !before.matches('.line');
    node.classList.toggle('head-of', !joins || another);
    before = node;
  }
};

const earlierOnes = async () => {
  const { events, more: others } = await ask(`chats/${session}` + (first ? '?before=' + first : ''));
  const below = room.scrollHeight - room.scrollTop;
  first = events[0]?.vseq;
  above = others && !!first;
  log.prepend(...events.map(turn).filter(Boolean));
  regroup();
  // What one reads stays where it is.
  room.scrollTop = room.scrollHeight - below;
};

const read = async (chat) => {
  log.textContent = '';
  [session, first] = [chat.session, 0];
  try {
    await earlierOnes();
  } catch (error) {
    session = '';
    throw error;
  }
  title.textContent = [day(chat.at), chat.agent?.name].filter(Boolean).join(' · ');
  show();
  log.focus({ preventScroll: true });
  // A long one comes from its end.
  room.scrollTop = above ? room.scrollHeight : 0;
};

// ---- around it

older.onclick = () => trying(async () => {
  const at = list.children.length;
  await (session ? earlierOnes() : page());
  show();
  // The button may be gone, and what it brought stands where it was.
  if (session) log.focus({ preventScroll: true });
  else list.children[at]?.firstChild.focus();
});

back.onclick = () => {
  const at = known.findIndex((chat) => chat.session == session);
  session = '';
  show();
  list.children[at]?.firstChild.focus();
};
export const open = async () => {
  [known, further] = [[], false];
  session = '';
  list.textContent = log.textContent = said.textContent = '';
  await page();
  show();
  dialog.showModal();
  (list.querySelector('button') || part('earlier-close')).focus();
};
part('earlier-close').onclick = () => dialog.close();
