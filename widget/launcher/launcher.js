// The button on a company's page, and the frame behind it. Plain JavaScript on its own, small, and quiet: until the
// visitor acts (or a chat is running) it asks for nothing, stores nothing, and touches nothing but its own element.
// It lives in a shadow root and sets styles through the CSSOM only, so that neither the page's style sheets nor a
// strict Content-Security-Policy can hurt it. The server puts the settings in the place of the first name in the last line, and
// launcher-invites.js in that of the second where the site has any.
((settings, invite) => {
  const doc = document;
  const win = window;
  const { k: key, o: origin, c: fill, i: ink, l: left } = settings;
  let { g: language, t: texts } = settings;
  if (win.Deskbell?.ready) return;

  // What the page asked for before this script was there.
  const early = win.Deskbell?.q || [];
  const listeners = {};
  const emit = (name, detail) => {
    for (const listener of [...(listeners[name] || [])]) {
      try {
        listener(detail);
      } catch (error) {
        console.error(error);
      }
    }
  };

  // All that is kept on the host page: whether a chat runs, whether the panel is open, and what the site's invites need. Only
  // where the frame has no storage of its own, also what it asks to keep: each under a name of its own, so that two tabs cannot overwrite
  // each other's.
  const place = 'deskbell:' + key;
  const items = place + ':';
  const guarded = (task) => {
    try {
      return task();
    } catch {}
  };
  const kept = guarded(() => JSON.parse(localStorage[place])) || {};
  const put = (name, value) =>
    guarded(() => {
      value == null ? localStorage.removeItem(name) : localStorage.setItem(name, value);
      return 1;
    });
  const keep = () => put(place, JSON.stringify(kept));
  const all = () => {
    const found = {};
    for (const name in localStorage) if (name.startsWith(items)) found[name.slice(items.length)] = localStorage[name];
    return found;
  };

  let frame;
  let port;
  let opened = 0;
  let unread = 0;
  let byHand = 0;
  // Whether the frame's document has come; when it is given up, the words in its place, and the wait before the next try.
  let came;
  let late;
  let card;
  let pause = 2500;
  // The language that the page asked for, and whether the frame has still to forget who was here.
  let wanted = language;
  let forget = 0;
  // Takes the invite away.
  let uninvite = () => {};
  // What the page has said of its visitor: only here, for the frame when it comes.
  let told = {};

  const make = (name, attributes, parent, space = '1999/xhtml') => {
    const made = doc.createElementNS('http://www.w3.org/' + space, name);
    for (const key in attributes) made.setAttribute(key, attributes[key]);
    parent.append(made);
    return made;
  };
  // Through the CSSOM: a policy without 'unsafe-inline' would refuse the attribute.
  const dress = (element, css) => {
    element.style.cssText = css;
  };
  const side = left ? 'left' : 'right';
  const calm = matchMedia('(prefers-reduced-motion:reduce)').matches;
  const shadow = (far) => `0 1px 2px #0002,0 ${far}px 32px #0003`;

  // Beside the body: a transform or a filter on it would catch what is fixed to the window. Inside the shadow root no
  // rule of the page reaches; only this element itself has to insist.
  const host = make('deskbell-chat', { lang: language }, doc.documentElement);
  dress(host, 'all:initial!important;position:fixed!important;z-index:2147483647!important');
  // Above everything there is, and fixed to the window also where the page's root is moved or contained.
  host.popover = 'manual';
  host.showPopover?.();
  const visible = (on) => host.style.setProperty('display', on ? 'block' : 'none', 'important');
  const root = host.attachShadow({ mode: 'open' });
  const button = make('button', { type: 'button' }, root);
  const icon = make(
    'svg',
    {
      viewBox: '0 0 24 24',
      width: 26,
      fill: 'none',
      stroke: 'currentColor',
      'stroke-width': 1.9,
      'stroke-linecap': 'round',
      'stroke-linejoin': 'round',
      'aria-hidden': 'true',
    },
    button,
    '2000/svg',
  );
  const path = make('path', {}, icon, '2000/svg');
  const badge = make('span', { 'aria-hidden': 'true' }, button);

  const small = matchMedia('(max-width:479px)');
  const view = win.visualViewport;
  const draw = () => {
    const full = small.matches && !card;
    const shown = unread && !opened;
    path.setAttribute('d', opened ? 'm6 9 6 6 6-6' : 'M21 12a8 8 0 0 1-11.6 7.1L4 20.5l1.3-4.6A8 8 0 1 1 21 12z');
    // Only the categories that counting needs are there, not those of fractions and millions.
    const words = shown ? texts[3][new Intl.PluralRules(language).select(unread)] || texts[3].other : texts[opened];
    button.setAttribute('aria-label', words.replace('#', unread));
    button.setAttribute('aria-expanded', !!opened);
    dress(
      button,
      `all:initial;position:fixed;bottom:calc(20px + env(safe-area-inset-bottom));${side}:20px;width:56px;height:56px;border:1px solid transparent;border-radius:50%;box-sizing:border-box;place-items:center;cursor:pointer;box-shadow:${shadow(6)};background:${fill};color:${ink};display:${opened && full ? 'none' : 'grid'};` +
        (button.matches(':focus-visible') ? `outline:2px solid ${ink};outline-offset:-6px` : ''),
    );
    badge.textContent = unread > 99 ? '99+' : unread;
    dress(
      badge,
      `position:absolute;top:-4px;right:-4px;min-width:22px;box-sizing:border-box;padding:0 6px;border-radius:11px;background:#c8102e;color:#fff;font:650 12px/22px system-ui,sans-serif;text-align:center;box-shadow:0 0 0 2px #fff;display:${shown ? 'block' : 'none'}`,
    );
    const title = doc.title.replace(/^\(\d+\) /, '');
    const wanted = shown ? `(${unread}) ${title}` : title;
    if (doc.title != wanted) doc.title = wanted;
    if (frame)
      dress(
        frame,
        `all:initial;position:fixed;color-scheme:normal;box-shadow:${shadow(10)};` +
          (full
            ? // Above the keyboard of a phone. Whoever magnifies the page wants no smaller chat.
              `top:${view.scale > 1 ? 0 : view.offsetTop}px;left:0;width:100%;height:${view.height * view.scale}px;`
            : `bottom:88px;${side}:20px;width:min(384px,100vw - 40px);height:min(680px,100vh - 108px);border-radius:16px;`) +
          (calm ? '' : 'transition:transform .16s cubic-bezier(.2,.7,.2,1),opacity .16s,visibility .16s;') +
          (opened && !card ? '' : 'visibility:hidden;opacity:0;transform:translateY(10px)'),
      );
    if (card) card.hidden = !opened;
  };
  button.onfocus = button.onblur = draw;
  for (const name of ['resize', 'scroll']) view.addEventListener(name, draw);

  const post = (...words) => port && port.postMessage(words);
  const here = () => [location.href.split('#')[0], doc.title.replace(/^\(\d+\) /, '')];

  const address = () =>
    `${origin}/w/${encodeURIComponent(key)}/panel?lang=${encodeURIComponent(wanted)}${kept.chat ? '#chat' : ''}`;

  // What is blocked "loads" too, with nothing in it; a dead line takes its time. Then words stand in the frame's place, and it
  // is tried again: by hand, on opening, and by itself, ever less often.
  const expect = (millis, then) => {
    clearTimeout(late);
    late = setTimeout(then, millis);
  };
  const fail = () => {
    if (!card) {
      card = make('div', { role: 'alert' }, root);
      dress(
        card,
        `position:fixed;bottom:88px;${side}:20px;width:min(384px,100vw - 40px);border-radius:16px;box-sizing:border-box;padding:16px;background:Canvas;color:CanvasText;font:15px/1.5 system-ui,sans-serif;color-scheme:light dark;box-shadow:${shadow(10)}`,
      );
      card.append(texts[4]);
      const again = make('button', { type: 'button' }, card);
      dress(again, 'display:block;margin-top:12px;padding:6px 16px;font:inherit');
      again.append(texts[5]);
      again.onclick = () => {
        byHand = 1;
        uncover();
        fetchFrame();
      };
    }
    draw();
    emit('error', { code: 'frame' });
    expect((pause *= 2), fetchFrame);
  };
  const uncover = () => {
    card &&= card.remove();
    draw();
  };
  // Always a new one: another address in the old one would be a step for the browser's back button.
  const fetchFrame = () => {
    frame?.remove();
    came = port = 0;
    frame = make('iframe', { title: texts[2], allow: 'clipboard-write', src: address() }, root);
    frame.onload = () => {
      if (!came) expect(1e3, fail);
      came = 0;
    };
    expect(15e3, fail);
    draw();
  };

  // The frame exists only once somebody wants it.
  const load = () => frame || fetchFrame();

  const toggle = (to, focused) => {
    if (to == opened) return;
    opened = to;
    kept.open = to;
    if (to) {
      uninvite();
      load();
      byHand = focused;
      pause = 2500;
      if (card) fetchFrame();
    }
    if (to || kept.chat) keep();
    // The first style has to be there before the second, or nothing moves.
    if (frame) frame.offsetWidth;
    draw();
    post(to ? 'open' : 'close', focused);
    if (to && focused && port) frame.focus();
    if (!to && focused) button.focus();
    emit(to ? 'opened' : 'closed');
  };
  button.onclick = () => toggle(opened ? 0 : 1, 1);
  root.addEventListener('keydown', (event) => {
    if (event.key == 'Escape' && opened) toggle(0, 1);
  });

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
    win.addEventListener('popstate', () => setTimeout(look, 200));
  };

  const verbs = {
    close: () => toggle(0, 1),
    unread(count) {
      unread = count;
      draw();
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
      draw();
    },
    event: emit,
  };
  win.addEventListener('message', (event) => {
    if (!frame || event.source != frame.contentWindow || event.origin != origin) return;
    const said = event.data?.deskbell;
    if (said == 'close') toggle(0, 1);
    // The document stands, and says from here on itself what is missing.
    clearTimeout(late);
    came ||= said == 'here';
    uncover();
    if (said != 'hello') return;
    const channel = new MessageChannel();
    port = channel.port1;
    port.onmessage = ({ data }) => Object.hasOwn(verbs, data[0]) && verbs[data[0]](...data.slice(1));
    event.source.postMessage(
      { deskbell: 'host', page: here(), open: opened, focus: byHand, forget, told: Object.values(told), kept: keep() ? all() : null, tab: guarded(() => (sessionStorage[place] ||= 't' + Math.random())) },
      origin,
      [channel.port2],
    );
    forget = 0;
    if (byHand && opened) frame.focus();
    // Should the frame load itself anew, it takes the focus from nothing.
    byHand = 0;
  });

  // Another tab of this site has kept something.
  win.addEventListener('storage', ({ key: name, newValue }) => {
    if (name?.startsWith(items)) post('put', name.slice(items.length), newValue);
  });

  const tell = (verb, given) => {
    const said = [verb, JSON.stringify(given)];
    const key = said[verb == 'attributes' ? 1 : 0];
    // Said again it counts as said last; of identities only the last one counts.
    delete told[key];
    post(...(told[key] = said));
  };
  const api = (verb, name, listener) => {
    if (verb == 'open') toggle(1, 1);
    else if (verb == 'close') toggle(0);
    else if (verb == 'toggle') toggle(opened ? 0 : 1, 1);
    else if (verb == 'show' || verb == 'hide') visible(verb == 'show');
    else if (verb == 'locale') {
      wanted = name;
      // Everything that was written is kept; the chat goes on where it was.
      if (frame) fetchFrame();
    } else if (verb == 'reset') {
      toggle(0);
      for (const name in all()) put(items + name);
      kept.chat = unread = 0;
      told = {};
      put(place);
      draw();
      forget = !port;
      port ? post('forget') : load();
    }
    else if (verb == 'identify') tell(verb, name);
    else if (verb == 'attributes') {
      // Its length, and how many there are, the server looks at.
      const wrong = Object.keys(name).find((key) => !/^[\w-]{1,40}$/.test(key) || !/^(st|n|boo)/.test(typeof (name[key] ?? '')));
      wrong == null ? tell(verb, name) : emit('error', { code: verb, field: wrong, problem: 'unknown' });
    } else if (verb == 'on') {
      (listeners[name] ||= []).push(listener);
      if (name == 'ready') listener();
    } else if (verb == 'off') listeners[name] = (listeners[name] || []).filter((held) => listener && held != listener);
    else console.warn('Deskbell: unknown', verb);
  };
  api.ready = 1;
  win.Deskbell = api;

  draw();
  // Nobody is there, and the site wants to be silent until somebody is.
  if (settings.h >= 0 && !kept.chat) {
    visible();
    if (settings.h) setTimeout(visible, settings.h, 1);
  }
  if (!kept.chat) invite?.(settings, root, kept, keep, here, () => frame, () => toggle(1, 1), (away) => (uninvite = away));
  if (kept.chat) {
    load();
    if (kept.open && !small.matches) toggle(1, 0);
  }
  for (const call of early) api(...call);
})(__DESKBELL__, __INVITES__);
