// The picker of emoji: plain JavaScript on its own, fetched when it is first opened. A few hundred that people really use, so
// that one finds them by looking. The groups have names in the panel's language; the single ones are named for screen readers
// by CLDR's English words, marked as English: fifteen languages of them would weigh more than the panel, browsers know none, and
// for the same reason there is no search, which would find English words only.

const KINDS = {
  smileys:
    '😀 grinning face|😄 grinning face with smiling eyes|😁 beaming face with smiling eyes|😅 grinning face with sweat|😂 face with tears of joy|🤣 rolling on the floor laughing|🙂 slightly smiling face|🙃 upside-down face|😉 winking face|😊 smiling face with smiling eyes|😇 smiling face with halo|🥰 smiling face with hearts|😍 smiling face with heart-eyes|🤩 star-struck|😘 face blowing a kiss|😋 face savoring food|😜 winking face with tongue|🤪 zany face|🤗 smiling face with open hands|🤭 face with hand over mouth|🤔 thinking face|🤐 zipper-mouth face|🤨 face with raised eyebrow|😐 neutral face|😏 smirking face|🙄 face with rolling eyes|😬 grimacing face|😌 relieved face|😔 pensive face|😴 sleeping face|😷 face with medical mask|🤒 face with thermometer|🤯 exploding head|🥳 partying face|😎 smiling face with sunglasses|🤓 nerd face|🧐 face with monocle|😕 confused face|🙁 slightly frowning face|😮 face with open mouth|😳 flushed face|🥺 pleading face|😢 crying face|😭 loudly crying face|😱 face screaming in fear|😞 disappointed face|😓 downcast face with sweat|😩 weary face|🥱 yawning face|😤 face with steam from nose|😠 angry face|😡 enraged face|🙈 see-no-evil monkey',
  people:
    '👋 waving hand|✋ raised hand|👌 OK hand|✌️ victory hand|🤞 crossed fingers|🤙 call me hand|👈 backhand index pointing left|👉 backhand index pointing right|👆 backhand index pointing up|👇 backhand index pointing down|👍 thumbs up|👎 thumbs down|✊ raised fist|👏 clapping hands|🙌 raising hands|🤝 handshake|🙏 folded hands|✍️ writing hand|💪 flexed biceps|👀 eyes|🙅 person gesturing NO|🙆 person gesturing OK|💁 person tipping hand|🙋 person raising hand|🤦 person facepalming|🤷 person shrugging|👶 baby|🧑 person|👨 man|👩 woman|👪 family|🏃 person running|💃 woman dancing',
  hearts:
    '❤️ red heart|🧡 orange heart|💛 yellow heart|💚 green heart|💙 blue heart|💜 purple heart|🖤 black heart|🤍 white heart|💔 broken heart|💕 two hearts|💖 sparkling heart|💯 hundred points|🔥 fire|✨ sparkles|⭐ star|🎉 party popper|🎊 confetti ball|🎈 balloon|🎁 wrapped gift|🏆 trophy|✔️ check mark|❌ cross mark|❓ red question mark|❗ red exclamation mark|⚠️ warning|🚫 prohibited|➕ plus|➖ minus|💬 speech balloon|💤 ZZZ',
  nature:
    '🐶 dog face|🐱 cat face|🐭 mouse face|🐰 rabbit face|🦊 fox|🐻 bear|🐼 panda|🐨 koala|🐯 tiger face|🦁 lion|🐮 cow face|🐷 pig face|🐸 frog|🐔 chicken|🐧 penguin|🐦 bird|🦄 unicorn|🐝 honeybee|🦋 butterfly|🐢 turtle|🐟 fish|🐬 dolphin|🌸 cherry blossom|🌹 rose|🌻 sunflower|🌷 tulip|🌱 seedling|🌲 evergreen tree|🌴 palm tree|🍀 four leaf clover|🍁 maple leaf|🌈 rainbow|☀️ sun|⛅ sun behind cloud|🌧️ cloud with rain|❄️ snowflake|⚡ high voltage|🌊 water wave',
  food:
    '🍎 red apple|🍌 banana|🍇 grapes|🍓 strawberry|🍒 cherries|🍑 peach|🍋 lemon|🍉 watermelon|🥑 avocado|🍅 tomato|🥕 carrot|🌽 ear of corn|🍞 bread|🥐 croissant|🧀 cheese wedge|🥚 egg|🍔 hamburger|🍟 french fries|🍕 pizza|🌮 taco|🥗 green salad|🍣 sushi|🍝 spaghetti|🍜 steaming bowl|🍦 soft ice cream|🍩 doughnut|🍪 cookie|🎂 birthday cake|🍰 shortcake|🍫 chocolate bar|☕ hot beverage|🍵 teacup without handle|🍺 beer mug|🍷 wine glass|🥂 clinking glasses|🥤 cup with straw',
  things:
    '🚗 automobile|🚌 bus|🚲 bicycle|🚆 train|✈️ airplane|🚀 rocket|🚚 delivery truck|🏠 house|🏢 office building|🏖️ beach with umbrella|🗺️ world map|📍 round pushpin|📱 mobile phone|💻 laptop|📷 camera|📞 telephone receiver|✉️ envelope|📦 package|📎 paperclip|📄 page facing up|📅 calendar|📈 chart increasing|✏️ pencil|🔍 magnifying glass tilted left|🔒 locked|🔑 key|🔧 wrench|🛠️ hammer and wrench|⚙️ gear|💡 light bulb|⏰ alarm clock|⌛ hourglass done|💰 money bag|💳 credit card|🛒 shopping cart|🛍️ shopping bags|👕 t-shirt|👟 running shoe|🎵 musical note|🎬 clapper board|🎮 video game|⚽ soccer ball|🛏️ bed|🛋️ couch and lamp|🪑 chair',
};

const RECENT = 16;
const ltr = document.documentElement.dir != 'rtl';
const part = (id) => document.getElementById(id);
const { texts } = JSON.parse(part('more-data').textContent);
const [picker, list, kinds, button, field] = ['picker', 'picker-list', 'picker-kinds', 'emoji', 'message'].map(part);
const named = new Map(Object.values(KINDS).flatMap((all) => all.split('|').map((one) => one.split(/ (.*)/))));

const cells = () => [...list.querySelectorAll('button')];
const recent = () => (self.client.kept().emoji || '').split(' ').filter((one) => named.has(one));

const make = (name, attributes, ...inside) => {
  const made = document.createElement(name);
  for (const key in attributes) made.setAttribute(key, attributes[key]);
  made.append(...inside);
  return made;
};

/** One group under its name, and the button that brings it into sight. */
const group = (kind, all) => {
  const label = texts['emoji_' + kind];
  const buttons = all.map((one) => make('button', { type: 'button', role: 'option', tabindex: -1, 'aria-selected': false, 'aria-label': named.get(one) }, one));
  const title = make('p', { 'aria-hidden': true, class: 'kind' }, label);
  const made = make('div', { role: 'group', 'aria-label': label, id: 'kind-' + kind }, title, make('div', { class: 'cells', role: 'presentation', lang: 'en' }, ...buttons));
  const way = make('button', { type: 'button', class: 'tool', 'aria-label': label, title: label }, kind == 'recent' ? '🕘' : all[0]);
  way.onclick = () => {
    list.scrollTop = made.offsetTop - list.offsetTop;
    focus(buttons[0]);
  };
  kinds.append(way);
  list.append(made);
};

const focus = (cell) => {
  for (const other of cells()) other.tabIndex = -1;
  cell.tabIndex = 0;
  cell.focus();
};

const close = (back) => {
  picker.hidden = true;
  button.setAttribute('aria-expanded', false);
  if (back) field.focus();
};

export const open = () => {
  if (!picker.hidden) return close(1);
  list.textContent = kinds.textContent = '';
  const last = recent();
  if (last.length) group('recent', last);
  for (const kind in KINDS) group(kind, KINDS[kind].split('|').map((one) => one.split(' ')[0]));
  picker.hidden = false;
  button.setAttribute('aria-expanded', true);
  list.scrollTop = 0;
  focus(cells()[0]);
};

/** At the caret, in the place of what is selected. */
const take = (one) => {
  self.client.keep('emoji', [one, ...recent().filter((other) => other != one)].slice(0, RECENT).join(' '));
  field.setRangeText(one, field.selectionStart, field.selectionEnd, 'end');
  close(1);
  // The client has not typed it itself.
  field.dispatchEvent(new Event('input', { bubbles: true }));
};

list.onclick = (event) => {
  const cell = event.target.closest('button');
  if (cell) take(cell.textContent);
};

/** The one that the key leads to, as they stand on the screen: a row may be shorter than the one above. */
const next = (key, from) => {
  const all = cells();
  const at = all.indexOf(from);
  if (key == 'Home') return all[0];
  if (key == 'End') return all.at(-1);
  if (key == 'ArrowLeft' || key == 'ArrowRight') return all[at + ((key == 'ArrowRight') == ltr ? 1 : -1)];
  const down = key == 'ArrowDown' ? 1 : -1;
  const { top, left } = from.getBoundingClientRect();
  let best;
  for (let to = at + down; all[to]; to += down) {
    const box = all[to].getBoundingClientRect();
    if (Math.abs(box.top - top) < 8) continue;
    // Only in the very next row.
    if (best && Math.abs(box.top - best.box.top) > 8) break;
    const far = Math.abs(box.left - left);
    if (!best || far < best.far) best = { box, far, cell: all[to] };
  }
  return best?.cell;
};

picker.onkeydown = (event) => {
  if (event.key == 'Escape') {
    // Else the panel would close.
    event.stopPropagation();
    close(1);
  } else if (/^(Arrow|Home|End)/.test(event.key) && list.contains(event.target)) {
    event.preventDefault();
    const cell = next(event.key, event.target);
    if (cell) focus(cell);
  }
};
// Whoever goes elsewhere has no more use for it.
picker.addEventListener('focusout', ({ relatedTarget }) => {
  if (relatedTarget && relatedTarget != button && !picker.contains(relatedTarget)) close();
});
addEventListener('pointerdown', ({ target }) => {
  if (!picker.contains(target) && !button.contains(target)) close();
});
