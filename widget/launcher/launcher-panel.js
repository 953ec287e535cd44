// The host page's side of the panel: fetched by launcher.js together with the frame, when somebody wants it. Here is how the
// frame is shown, what is said between it and the page, and what happens when it does not come.

/**
 * Answers with the function that takes what the page, the frame and the visitor say: a verb and what belongs to it.
 *
 * It is given what the launcher has, in this order, which only ever grows at its end: launchers of pages that were loaded
 * before an update fetch this too. `settings`: the site's, with `g` the language that the page asked for last. `host`, `button`: the
 * launcher's elements. `kept`: what the host page remembers, by the name `place`; `keep` writes it, and says so. `guarded`: answers
 * with nothing where its task fails. `make`, `dress`: elements and their style. `draw(opened, words)`: the button. `cover(words)`: what
 * stands where the panel will be, an outline where there are no words, nothing for `null`. `emit`: events for the page.
 * `fetchFrame`: a new frame, hidden. `small`: whether the screen is so.
 */
export default (settings, host, button, kept, place, guarded, keep, make, dress, draw, cover, emit, fetchFrame, small) => {
  const { o: origin, l: left } = settings;
  let { t: texts } = settings;
  let language = host.lang;
  const root = host.shadowRoot;
  const side = left ? 'left' : 'right';
  const calm = matchMedia('(prefers-reduced-motion:reduce)').matches;

  // What the frame asks to keep where it has no storage of its own: each under a name of its own, so that two tabs cannot
  // overwrite each other's.
  const items = place + ':';
  const put = (name, value) =>
    guarded(() => {
      value == null ? localStorage.removeItem(name) : localStorage.setItem(name, value);
    });
  const all = () => {
    const found = {};
    for (const name in localStorage) if (name.startsWith(items)) found[name.slice(items.length)] = localStorage[name];
    return found;
  };

  let frame = root.querySelector('iframe');
  let port;
  let opened = 0;
  let unread = 0;
  let byHand = 0;
  // Whether the frame has said a word, or is given up for now, and the wait before the next try.
  let alive;
  let failed;
  let late;
  let pause = 1e3;
  // What had the focus before the panel.
  let before;
  // Whether the frame has still to forget who was here.
  let forget = 0;
  // What the page has said of its visitor: only here, for the frame when it comes.
  let told = {};

  const badge = make('span', { 'aria-hidden': 'true' }, button);
  const view = visualViewport;
  const redraw = () => {
    const full = small.matches && alive;
    const shown = unread && !opened;
    // Only the categories that counting needs are there, not those of fractions and millions.
    const words = shown ? texts[3][new Intl.PluralRules(language).select(unread)] || texts[3].other : texts[opened];
    draw(opened, words.replace('#', unread));
    button.style.display = opened && full ? 'none' : 'grid';
    badge.textContent = unread > 99 ? '99+' : unread;
    dress(
      badge,
      `position:absolute;top:-4px;right:-4px;min-width:22px;box-sizing:border-box;padding:0 6px;border-radius:11px;background:#c8102e;color:#fff;font:650 12px/22px system-ui,sans-serif;text-align:center;box-shadow:0 0 0 2px #fff;display:${shown ? 'block' : 'none'}`,
    );
    const title = document.title.replace(/^\(\d+\) /, '');
    const wanted = shown ? `(${unread}) ${title}` : title;
    if (document.title != wanted) document.title = wanted;
    dress(
      frame,
      'all:initial;position:fixed;color-scheme:normal;box-shadow:0 1px 2px #0002,0 10px 32px #0003;' +
        (full
          ? // Above the keyboard of a phone. Whoever magnifies the page wants no smaller chat.
            `top:${view.scale > 1 ? 0 : view.offsetTop}px;left:0;width:100%;height:${view.height * view.scale}px;`
          : `bottom:88px;${side}:20px;width:min(384px,100vw - 40px);height:min(680px,100vh - 108px);border-radius:16px;`) +
        (calm ? '' : 'transition:transform .16s cubic-bezier(.2,.7,.2,1),opacity .16s,visibility .16s;') +
        (opened && alive ? '' : 'visibility:hidden;opacity:0;transform:translateY(10px)'),
    );
    cover(opened && !alive ? (failed ? texts[4] : '') : null);
  };
  for (const name of ['resize', 'scroll']) view.addEventListener(name, redraw);

  const post = (...words) => port && port.postMessage(words);
  const here = () => [location.href.split('#')[0], document.title.replace(/^\(\d+\) /, '')];

  // What is blocked or has crashed "loads" too, with nothing in it that answers; a dead line takes its time. So it is not seen
  // before it has said a word; words stand in its place where it does not, and it is tried again: by hand, on opening, and by
  // itself, ever less often.
  const expect = (millis, then) => {
    clearTimeout(late);
    late = setTimeout(then, millis);
  };
  const fail = () => {
    failed = 1;
    alive = 0;
    redraw();
    emit('error', { code: 'frame' });
    expect((pause *= 2), renew);
  };
  const renew = () => {
    alive = port = 0;
    frame = fetchFrame();
    expect(15e3, fail);
    redraw();
  };

  // Back to where it was, if that is still there: on a page that has closed the panel by itself.
  const giveBack = () => {
    if (root.activeElement) (before?.isConnected && before != document.body && before != host ? before : button).focus();
  };
  const toggle = (to, focused) => {
    if (to == opened) return;
    opened = to;
    kept.open = to;
    if (to) {
      before = document.activeElement;
      byHand = focused;
      pause = 1e3;
      if (failed) renew();
    }
    if (to || kept.chat) keep();
    // The first style has to be there before the second, or nothing moves.
    frame.offsetWidth;
    redraw();
    post(to ? 'open' : 'close', focused);
    if (to && focused && port) frame.focus();
    if (!to) focused ? button.focus() : giveBack();
    emit(to ? 'opened' : 'closed');
  };
  // Page changes of single-page applications, while a chat runs.
  let page;
  let watching;
  const look = () => {
    const now = here();
    if (kept.chat && now[0] != page) {
      page = now[0];
      post('page', ...now);
    }
  };
  const watch = () => {
    page = here()[0];
    if (watching) return;
    watching = 1;
    for (const name of ['pushState', 'replaceState']) {
      const original = history[name];
      history[name] = function (...given) {
        const result = original.apply(this, given);
        // The page's new title comes a little later.
        setTimeout(look, 200);
        return result;
      };
    }
    addEventListener('popstate', () => setTimeout(look, 200));
  };

  // What the frame says, once it has a port.
  const verbs = {
    close: () => toggle(0, 1),
    unread(count) {
      unread = count;
      redraw();
    },
    chat(on) {
      if (on) watch();
      if (!on == !kept.chat) return;
      kept.chat = on ? 1 : 0;
      keep();
    },
    put: (name, value) => put(items + name, value),
    // What the launcher says, in the language that the frame has come in.
    words(code, list) {
      language = code;
      texts = list;
      frame.title = texts[2];
      redraw();
    },
    event: emit,
  };

  // Another tab of this site has kept something.
  addEventListener('storage', ({ key: name, newValue }) => {
    if (name?.startsWith(items)) post('put', name.slice(items.length), newValue);
  });

  const tell = (verb, given) => {
    const said = [verb, JSON.stringify(given)];
    const key = said[verb == 'attributes' ? 1 : 0];
    // Said again it counts as said last; of identities only the last one counts.
    delete told[key];
    post(...(told[key] = said));
  };

  // What the launcher passes on.
  const taken = {
    open: () => toggle(1, 1),
    close: () => toggle(0),
    toggle: () => toggle(opened ? 0 : 1, 1),
    escape: () => toggle(0, 1),
    // As it was when the page before this one was left.
    reopen: () => toggle(1, 0),
    retry() {
      byHand = 1;
      failed = 0;
      renew();
    },
    show() {},
    hide: giveBack,
    // Everything that was written is kept; the chat goes on where it was.
    locale: renew,
    reset() {
      toggle(0);
      for (const name in all()) put(items + name);
      kept.chat = unread = 0;
      told = {};
      put(place);
      redraw();
      forget = !port;
      post('forget');
    },
    identify: (person) => tell('identify', person),
    attributes(given) {
      // Its length, and how many there are, the server looks at.
      const wrong = Object.keys((given ??= {})).find((key) => !/^[\w-]{1,40}$/.test(key) || !/^(st|n|boo)/.test(typeof (given[key] ?? '')));
      wrong == null ? tell('attributes', given) : emit('error', { code: 'attributes', field: wrong, problem: 'unknown' });
    },
    loaded() {
      frame.contentWindow.postMessage({ deskbell: 'there' }, '*');
      expect(2e3, fail);
    },
    // From a frame's window and origin: the launcher has looked. Only that of one before this may have waited longer.
    message(event) {
      if (event.source != frame.contentWindow) return;
      const said = event.data?.deskbell;
      if (said == 'close') toggle(0, 1);
      // The document stands, and says from here on itself what is missing.
      clearTimeout(late);
      alive = 1;
      failed = 0;
      redraw();
      if (said != 'hello') return;
      const channel = new MessageChannel();
      port = channel.port1;
      port.onmessage = ({ data }) => Object.hasOwn(verbs, data[0]) && verbs[data[0]](...data.slice(1));
      event.source.postMessage(
        {
          deskbell: 'host',
          page: here(),
          open: opened,
          focus: byHand,
          forget,
          told: Object.values(told),
          kept: keep() ? all() : null,
          tab: guarded(() => (sessionStorage[place] ||= 't' + Math.random())),
        },
        origin,
        [channel.port2],
      );
      forget = 0;
      if (byHand && opened) frame.focus();
      // Should the frame load itself anew, it takes the focus from nothing.
      byHand = 0;
    },
  };

  expect(15e3, fail);
  redraw();
  return (verb, ...given) => taken[verb](...given);
};
