// The button on a company's page. Plain JavaScript on its own, small, and quiet: until the visitor acts (or a chat is
// running) it asks for nothing, stores nothing, and touches nothing but its own element. It lives in a shadow root and sets
// styles through the CSSOM only, so that neither the page's style sheets nor a strict Content-Security-Policy can hurt it.
// With the frame it fetches launcher-panel.js, which does all that is wanted only while there is a panel; what the page says
// until then waits for it. The server puts the settings in the place of the first name in the last line, and
// launcher-invites.js in that of the second where the site has any.
((settings, invite) => {
  const doc = document;
  const win = window;
  const { k: key, o: origin, c: fill, i: ink, l: left, t: texts, h: hidden, d: dark } = settings;
  const early = win.Deskbell?.q || [];
  if (win.Deskbell?.ready) return;

  // What is wrong in the page's own code takes nothing else along.
  const attempt = (task, given) => {
    try {
      task(given);
    } catch (error) {
      console.error(error);
    }
  };
  const listeners = {};
  const emit = (name, detail) => {
    for (const listener of [...(listeners[name] || [])]) attempt(listener, detail);
  };

  // What the host page remembers of its own: whether a chat runs, whether the panel is open, and what the site's invites need.
  const place = 'deskbell:' + key;
  const guarded = (task) => {
    try {
      return task();
    } catch {}
  };
  const kept = guarded(() => JSON.parse(localStorage[place])) || {};
  const keep = () =>
    guarded(() => {
      localStorage.setItem(place, JSON.stringify(kept));
      return 1;
    });

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

  // Beside the body: a transform or a filter on it would catch what is fixed to the window. Inside the shadow root no
  // rule of the page reaches; only this element itself has to insist.
  const host = make('deskbell-chat', { lang: settings.g }, doc.documentElement);
  dress(host, 'all:initial!important;position:fixed!important;z-index:2147483647!important');
  // Above everything there is, and fixed to the window also where the page's root is moved or contained.
  host.popover = 'manual';
  host.showPopover?.();
  const visible = (on) => host.style.setProperty('display', on ? 'block' : 'none', 'important');
  const root = host.attachShadow({ mode: 'open' });
  const button = make('button', { type: 'button' }, root);
  dress(
    button,
    `all:initial;position:fixed;bottom:calc(20px + env(safe-area-inset-bottom));${side}:20px;width:56px;height:56px;border:1px solid transparent;border-radius:50%;box-sizing:border-box;display:grid;place-items:center;cursor:pointer;outline-offset:-6px;box-shadow:0 1px 2px #0002,0 6px 32px #0003;background:${fill};color:${ink}`,
  );
  button.onfocus = button.onblur = () => {
    button.style.outline = button.matches(':focus-visible') ? '2px solid' : '';
  };
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
  const draw = (opened, words) => {
    path.setAttribute('d', opened ? 'm6 9 6 6 6-6' : 'M21 12a8 8 0 0 1-11.6 7.1L4 20.5l1.3-4.6A8 8 0 1 1 21 12z');
    button.setAttribute('aria-label', words);
    button.setAttribute('aria-expanded', !!opened);
  };

  // What stands where the panel will be: its outline, words and a way to try again, or nothing.
  let card;
  let shown;
  const cover = (words) => {
    if (words === shown) return;
    shown = words;
    if (card?.contains(root.activeElement)) button.focus();
    card?.remove();
    if (words == null) return;
    card = make('div', { role: words ? 'alert' : 'none', dir: 'auto' }, root);
    dress(
      card,
      `position:fixed;bottom:88px;${side}:20px;width:min(384px,100vw - 40px);height:min(680px,100vh - 108px);border-radius:16px;box-sizing:border-box;padding:84px 20px 20px;background:linear-gradient(${fill} 61px,Canvas 0);color:CanvasText;font:15px/1.5 system-ui,sans-serif;color-scheme:${dark == null ? 'light dark' : dark ? 'dark' : 'light'};box-shadow:0 1px 2px #0002,0 6px 32px #0003;overflow:auto`,
    );
    if (!words) return;
    card.append(words);
    const again = make('button', { type: 'button' }, card);
    dress(again, `display:block;margin-top:12px;padding:8px 16px;border:0;border-radius:10px;background:${fill};color:${ink};font:inherit;cursor:pointer`);
    again.append(texts[5]);
    again.onclick = () => {
      button.focus();
      ready ? take('retry') : load();
    };
  };

  let frame;
  // What is said by the page, the frame and the visitor, until launcher-panel.js is there.
  const waiting = [];
  let take = (...words) => waiting.push(words);
  // Always a new one: another address in the old one would be a step for the browser's back button.
  const fetchFrame = () => {
    frame?.remove();
    frame = make(
      'iframe',
      {
        title: texts[2],
        allow: 'clipboard-write',
        hidden: '',
        src: `${origin}/w/${encodeURIComponent(key)}/panel?lang=${encodeURIComponent(settings.g)}${kept.chat ? '#chat' : ''}`,
      },
      root,
    );
    frame.onload = () => take('loaded');
    return frame;
  };
  win.addEventListener('message', (event) => {
    if (frame && event.source == frame.contentWindow && event.origin == origin) take('message', event);
  });

  // The frame exists only once somebody wants it.
  let tries = 0;
  let loading;
  let ready;
  let failed;
  // Until then the button and the outline show what will be when all that waits has been done.
  const isOpen = () =>
    waiting.reduce((on, [verb]) => (/open/.test(verb) ? 1 : /close|escape/.test(verb) ? 0 : verb == 'toggle' ? 1 - on : on), 0);
  const sketch = () => {
    const on = isOpen();
    draw(on, texts[on]);
    cover(on ? (failed ? texts[4] : '') : null);
  };
  const said = (...words) => {
    take(...words);
    ready || sketch();
  };
  const load = (byItself) => {
    if (loading) return;
    loading = 1;
    failed = byItself;
    sketch();
    fetchFrame();
    // Each try by an address of its own: some browsers keep what has failed once.
    import(`${origin}/w/launcher-panel.js?${tries++ || ''}`).then(
      ({ default: start }) => {
        ready = 1;
        take = start(settings, host, button, kept, place, guarded, keep, make, dress, draw, cover, emit, fetchFrame, small);
        for (const words of waiting) attempt(() => take(...words));
      },
      () => {
        failed = 1;
        // Nor may it think that it stands by itself, in a window.
        frame = loading = frame.remove();
        sketch();
        emit('error', { code: 'frame' });
        // By itself it is tried again, ever less often, where anybody still waits for it.
        setTimeout(() => (kept.chat || isOpen()) && load(1), 5e3 * tries);
      },
    );
  };

  const api = (verb, name, listener) => {
    if (verb == 'on') {
      (listeners[name] ||= []).push(listener);
      if (name == 'ready') attempt(listener);
    } else if (verb == 'off') listeners[name] = (listeners[name] || []).filter((held) => listener && held != listener);
    else if (verb == 'show' || verb == 'hide') {
      take(verb);
      visible(verb == 'show');
    } else if (/^(open|close|toggle|reset|locale|identify|attributes)$/.test(verb)) {
      if (verb == 'locale') settings.g = name;
      // A frame that is still to come comes in it.
      if (frame || verb != 'locale') said(verb, name);
      if (/^(open|toggle|reset)$/.test(verb)) load();
    } else console.warn('Deskbell: unknown', verb);
  };
  api.ready = 1;
  win.Deskbell = api;
  button.onclick = () => api('toggle');
  root.addEventListener('keydown', (event) => {
    if (event.key == 'Escape') said('escape');
  });

  // On a small screen the panel takes all of it.
  const small = matchMedia('(max-width:479px),(max-height:479px)');
  draw(0, texts[0]);
  if (kept.chat) {
    load();
    if (kept.open && !small.matches) said('reopen');
  } else {
    // Nobody is there, and the site wants to be silent until somebody is.
    if (hidden >= 0) {
      visible();
      if (hidden) setTimeout(visible, hidden, 1);
    }
    invite?.(settings, root, kept, keep, api, () => frame);
  }
  for (const call of early) attempt(() => api(...call));
})(__DESKBELL__, __INVITES__);
