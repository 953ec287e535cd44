// Sending pictures from the visitor's frame. Plain JavaScript on its own, fetched only once an agent lets the visitor send
// any, or somebody drags files over the panel. It chooses, looks, shows and brings the bytes; that a file becomes a part of
// the chat is the client's business, through its outbox. Between the two stand what the client tells (`files` and `file`, heard
// at the end), and the event `upload` with the id of a file that has come whole. Markup and words came with `widget-more.js`.

const part = (id) => document.getElementById(id);
const { texts, files } = JSON.parse(part('more-data').textContent);
const language = document.documentElement.lang;

const MOST = 10;
// Of a file's beginning, as much as the server looks at. Of a piece: what common proxies let through (nginx takes bodies of
// 1 MB), and less on slow lines, so that one sees it move.
const [HEAD, LARGEST, SMALLEST] = [2048, 1048576, 65536];

// What can be said of a file. One that is checked is whole, and the server looks at it; one that was stopped did not get
// through and can be tried again.
const [CHOSEN, GOING, CHECKING, REFUSED, STOPPED, GONE] = [0, 1, 2, 3, 4, 5];

const [tray, list, note, said, send, clear, attach, input, zone] =
  ['tray', 'tray-list', 'tray-note', 'tray-said', 'tray-send', 'tray-clear', 'attach', 'attach-input', 'drop'].map(part);

// `why` nothing may be sent now; empty when it may. `wake` ends a wait for the line.
let [items, session, why, running, wake] = [[], '', texts.files_off, 0, () => {}];

const reasons = { attachments_off: texts.files_off, ended: texts.files_ended };
const fill = (words, what) => words.replace(/{\w+}/, () => what);
const number = (n, options) => n.toLocaleString(language, { maximumFractionDigits: 1, ...options });
const size = (bytes) => (bytes < LARGEST ? number(Math.ceil(bytes / 1024)) + ' KB' : number(bytes / LARGEST) + ' MB');
const status = (words) => (said.textContent = words);

// Back to writing; on a touch screen its keyboard would cover what one wants to see.
const home = () => (attach.hidden || !matchMedia('(pointer: coarse)').matches ? part('message') : attach).focus();

// Where one writes, so that it stands until one goes on.
const complain = (words) => (part(part('chat-view').hidden ? 'form-error' : 'message-error').textContent = words);

const fault = (name, most) =>
  ({
    empty: texts.file_empty,
    too_large: fill(texts.file_too_large, size(most)),
    svg: texts.file_script,
    html: texts.file_script,
    polyglot: texts.file_hides,
    damaged: texts.file_damaged,
    infected: texts.file_infected,
  })[name] || texts.file_type;

/** The type by the first bytes, whatever the name says; else why it is none of ours. */
const look = async (file) => {
  if (!file.size) return [, texts.file_empty];
  if (file.size > files.most) return [, fault('too_large', files.most)];
  let head = '';
  try {
    head = String.fromCharCode(...new Uint8Array(await file.slice(0, HEAD).arrayBuffer()));
  } catch {
    // A folder, or it is gone by now.
  }
  if (/^\xff\xd8\xff/.test(head)) return ['JPEG'];
  if (/^\x89PNG\r\n\x1a\n/.test(head)) return ['PNG'];
  if (/^GIF8[79]a/.test(head)) return ['GIF'];
  const page = /^(\xef\xbb\xbf)?\s*</.test(head) && /<(svg|html|!doctype|script|body|iframe)/i.test(head);
  return [, page ? texts.file_script : texts.file_type];
};

const going = ({ stage }) => stage == GOING || stage == CHECKING;

/** Everything that follows from the state; what one reads in the log stays in sight. */
const draw = () => {
  const log = part('log');
  const near = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
  const focused = document.activeElement;
  attach.hidden = !!why;
  const told = items.some((item) => item.stage != CHECKING) ? why : '';
  tray.hidden = !items.length;
  if (note.textContent != told) note.textContent = told;
  send.hidden = !!why || !items.some(({ stage }) => stage == CHOSEN);
  clear.hidden = items.every(going);
  for (const { node, stage, at, bytes, kind, words, waits, name } of items) {
    const find = (selector) => node.querySelector(selector);
    const sending = stage == GOING;
    const percent = () => number(Math.floor((at / bytes) * 100) / 100, { style: 'percent' });
    const about = size(bytes) + (kind ? ' · ' + kind : '');
    find('small').textContent = stage == CHECKING ? texts.file_checking : !sending ? about : waits ? texts.waiting_to_send : percent();
    const progress = find('progress');
    progress.hidden = !going({ stage });
    progress.value = at / bytes || 0;
    // Filled in once it stands there, or it is not said; and once only.
    const error = find('.error');
    const told = stage == REFUSED || stage == STOPPED ? words : '';
    if (error.textContent != told) error.textContent = told;
    find('.again').hidden = stage != STOPPED || !!why;
    const drop = find('.drop');
    drop.hidden = stage == CHECKING;
    drop.setAttribute('aria-label', fill(sending ? texts.file_stop : texts.file_remove, name));
  }
  if (near) log.scrollTop = log.scrollHeight;
  // What had the keyboard may be gone.
  if (focused && focused != document.body && !focused.getClientRects().length) home();
};

/** Takes files in, to be looked at before they are sent. */
const take = async (chosen, focus) => {
  for (const file of chosen) {
    const [kind, words] = await look(file);
    if (items.length == MOST) {
      complain(texts.files_many);
      break;
    }
    const node = part('t-picked').content.firstElementChild.cloneNode(true);
    const stage = words ? REFUSED : CHOSEN;
    const item = { file, node, name: file.name, bytes: file.size, kind, words, stage, at: 0, upload: '' };
    node.querySelector('bdi').textContent = file.name;
    node.querySelector('progress').setAttribute('aria-label', fill(texts.file_progress, file.name));
    const picture = node.querySelector('img');
    if (words) picture.remove();
    else picture.src = item.picture = URL.createObjectURL(file);
    node.querySelector('.drop').onclick = () => remove(item);
    node.querySelector('.again').onclick = () => {
      go(item);
      node.querySelector('.drop').focus();
    };
    items.push(item);
    list.append(node);
    draw();
    if (!words) status(fill(texts.file_chosen, file.name));
  }
  // After a dialog Enter sends; whoever pastes or drops may be in the middle of a sentence.
  if (focus) (send.hidden ? (items.at(-1)?.node.querySelector('.drop') ?? attach) : send).focus();
};

/** Files that came by hand: taken, or said why not. */
export const come = (chosen, focus) => (why ? complain(why) : take(chosen, focus));

/** Out of the tray, with everything that was held for it. */
const forget = (item) => {
  items = items.filter((held) => held != item);
  item.stage = GONE;
  item.stop?.abort();
  item.node.remove();
  URL.revokeObjectURL(item.picture);
  wake();
};

const remove = (item) => {
  const place = items.indexOf(item);
  forget(item);
  // If this does not get through, the server forgets it after a day.
  if (item.upload) ask(item.upload, { method: 'DELETE' }).catch(() => {});
  draw();
  const next = items[place] || items[place - 1];
  (next ? next.node.querySelector('.drop') : attach.hidden ? part('message') : attach).focus();
};

const putBack = () => {
  for (const item of items.filter((item) => !going(item))) remove(item);
  home();
};

/** One request about uploads. Throws what the server says, `transport` where no answer of ours came. */
const ask = async (path, { headers, ...request }) => {
  let answer;
  try {
    headers = { Authorization: 'Bearer ' + self.client.kept().token, ...headers };
    answer = await fetch('/w/api/uploads' + (path && '/' + path), { ...request, headers });
  } catch {
    throw 'transport';
  }
  if (answer.ok) return answer;
  // An answer to HEAD has no body.
  throw (await answer.json().catch(() => 0)).error || (answer.status == 404 ? 'not_found' : 'transport');
};

/** Announces the file, or asks how much of it is there, and brings the rest. */
const bring = async (item) => {
  const { signal } = (item.stop = new AbortController());
  if (item.upload) {
    const answer = await ask(item.upload, { method: 'HEAD', signal });
    item.at = +answer.headers.get('Upload-Offset');
  } else {
    const body = JSON.stringify({ name: item.name, bytes: item.bytes });
    const answer = await ask('', { method: 'POST', body, signal, headers: { 'Content-Type': 'application/json' } });
    item.upload = (await answer.json()).id;
    item.at = 0;
  }
  let length = SMALLEST * 4;
  while (item.at < item.bytes) {
    item.waits = 0;
    draw();
    const began = Date.now();
    const body = item.file.slice(item.at, item.at + length);
    const answer = await ask(item.upload, { method: 'PUT', body, signal, headers: { 'Upload-Offset': item.at } });
    item.at = (await answer.json()).offset;
    item.failures = 0;
    const took = Date.now() - began;
    if (took < 500) length = Math.min(length * 2, LARGEST);
    if (took > 3000) length = Math.max(length / 2, SMALLEST);
  }
};

/** How long to wait before it goes on by itself; nothing when a person has to decide. */
const patience = (item, error) => {
  const [name, inside] = typeof error == 'string' ? [error] : Object.entries(error)[0];
  const [what, more] = typeof inside == 'string' ? [inside] : Object.entries(inside || {})[0] || [];
  item.failures++;
  if (name == 'rate_limited') return inside.retry_after * 1000;
  const pause = Math.min(250 * 2 ** item.failures, 15000);
  if (name == 'transport' || name == 'unavailable') return pause;
  // The server has given it up, has more of it or less, or is at fault itself.
  if (name == 'not_found') item.upload = '';
  if ((name == 'not_found' || name == 'internal' || what == 'offset') && item.failures < 4) return pause;
  item.stage = name == 'file' ? REFUSED : STOPPED;
  item.words = reasons[what] || texts.not_sent;
  if (name == 'file') item.words = fault(what, more?.most);
};

/** One after the other, for as long as there are any and they may be sent. */
const run = async () => {
  if (running) return;
  running = 1;
  for (let item; !why && (item = items.find(({ stage }) => stage == GOING)); ) {
    try {
      await bring(item);
      if (item.stage == GOING) {
        item.stage = CHECKING;
        document.dispatchEvent(new CustomEvent('upload', { detail: item.upload }));
      }
    } catch (error) {
      // Not when it was taken back or switched off: that is why it broke off.
      const pause = item.stage == GOING && !why && patience(item, error);
      if (pause) {
        item.waits = 1;
        draw();
        await new Promise((go) => {
          setTimeout(go, pause);
          if (error == 'transport') wake = go;
        });
      }
    }
    draw();
  }
  running = 0;
};

const go = (item) => {
  item.stage = GOING;
  item.failures = item.waits = 0;
  draw();
  run();
};

/** From the client: where the chat stands. `reason` says why nothing may be sent; empty when it may. */
const chat = (reason, newSession) => {
  const other = session != newSession;
  [why, session] = [reasons[reason] || '', newSession];
  for (const item of items) {
    // Files were announced for one chat, and what an outbox held for it is gone with it.
    if (other) item.upload = '';
    if ((other && going(item)) || (why && item.stage == GOING)) {
      item.stage = CHOSEN;
      item.stop?.abort();
    }
  }
  // The line is there, or somebody else's word will be wrong by now.
  wake();
  draw();
};

/** From the client: what became of a file that had come whole. Nothing is wrong: it stands in the log. */
const answer = (upload, wrong, final) => {
  const item = items.find((item) => item.upload == upload);
  if (!item) return;
  if (wrong) {
    item.words = final ? fault(wrong) : reasons[wrong] || texts.not_sent;
    item.stage = final ? REFUSED : STOPPED;
  } else {
    forget(item);
    status(fill(texts.file_sent, item.name));
  }
  draw();
};

attach.onclick = () => {
  // The same file may be chosen again.
  input.value = '';
  input.click();
};
input.onchange = () => come([...input.files], 1);
send.onclick = () => {
  home();
  for (const item of items) if (item.stage == CHOSEN) go(item);
};
clear.onclick = putBack;
tray.onkeydown = (event) => {
  // Else the panel would close.
  if (event.key == 'Escape' && !clear.hidden) {
    event.stopPropagation();
    putBack();
  }
};

// Dropped anywhere: missing a small target would open the file in place of the chat.
const carries = (event) => event.dataTransfer?.types.includes('Files');
addEventListener('dragover', (event) => {
  if (!carries(event)) return;
  event.preventDefault();
  zone.textContent = why || texts.files_drop;
  zone.hidden = false;
});
addEventListener('dragleave', (event) => {
  // Not from one element to the next.
  if (!event.relatedTarget) zone.hidden = true;
});
addEventListener('drop', (event) => {
  zone.hidden = true;
  if (!carries(event)) return;
  event.preventDefault();
  come([...event.dataTransfer.files]);
});
addEventListener('paste', (event) => {
  const { files } = event.clipboardData;
  // Where words came with a picture of them, as from a text editor, the words are meant.
  if (!files.length || event.clipboardData.getData('text/plain').trim()) return;
  event.preventDefault();
  come([...files]);
});
addEventListener('online', () => wake());

// Nothing is shown before it can look right.
await new Promise((go) => {
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = files.style;
  link.onload = link.onerror = go;
  document.head.append(link);
});

const { words } = self;
const hear = ([name, ...what]) => (name == 'files' ? chat(...what) : name == 'file' && answer(...what));
addEventListener('told', (event) => hear(event.detail));
if (words.files) hear(words.files);
