// A word to a visitor who has done nothing yet: a bubble beside the button on the company's page. Fetched only when a rule
// of the site holds. It lives in the launcher's shadow root and sets styles through the CSSOM only, as the launcher does.

/**
 * Shows it. `dark`: yes, no, or as the system has it. `open` is called when the visitor takes it up, `quiet` when they close
 * it. Answers with the function that takes it away.
 */
export default ({ root, text, close, left, dark, open, quiet }) => {
  const night = dark ?? matchMedia('(prefers-color-scheme:dark)').matches;
  const calm = matchMedia('(prefers-reduced-motion:reduce)').matches;
  const [surface, ink, line] = night ? ['#1c2029', '#eceef4', '#3a4050'] : ['#fff', '#131620', '#d9dce4'];
  const make = (name, css, parent) => {
    const made = document.createElement(name);
    made.style.cssText = 'all:initial;box-sizing:border-box;' + css;
    parent.append(made);
    return made;
  };
  const side = left ? 'left' : 'right';
  const bubble = make(
    'div',
    `position:fixed;bottom:calc(88px + env(safe-area-inset-bottom));${side}:20px;display:flex;align-items:flex-start;max-width:min(300px,100vw - 40px);border:1px solid ${line};border-radius:16px;background:${surface};color:${ink};box-shadow:0 1px 2px #0002,0 8px 28px #0003;` +
      (calm ? '' : 'opacity:0;transform:translateY(8px);transition:opacity .16s,transform .16s'),
    root,
  );
  const font = 'font:15px/1.45 system-ui,-apple-system,"Segoe UI",sans-serif;color:inherit;cursor:pointer;';
  // An empty place first: what is put into it later is announced, and does not interrupt.
  const place = make('div', 'display:block;min-width:0', bubble);
  place.setAttribute('role', 'status');
  const words = make('button', font + 'display:block;padding:12px 4px 12px 16px;text-align:start;overflow-wrap:anywhere;border-radius:16px', place);
  const away = make('button', font + 'display:block;flex:none;min-width:36px;height:36px;margin:4px;text-align:center;border-radius:50%', bubble);
  away.setAttribute('aria-label', close);
  away.textContent = '×';
  words.dir = 'auto';
  for (const button of [words, away]) {
    button.type = 'button';
    button.onfocus = () => (button.style.outline = button.matches(':focus-visible') ? `2px solid ${ink}` : '');
    button.onblur = () => (button.style.outline = '');
  }
  const gone = () => bubble.remove();
  words.onclick = () => {
    gone();
    open();
  };
  const dismiss = () => {
    gone();
    quiet();
  };
  away.onclick = dismiss;
  bubble.onkeydown = (event) => {
    if (event.key == 'Escape') dismiss();
  };
  requestAnimationFrame(() => {
    words.textContent = text;
    bubble.style.opacity = 1;
    bubble.style.transform = '';
  });
  return gone;
};
