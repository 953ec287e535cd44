// The widget for everybody: by keyboard, by a screen reader's tree, larger, calmer, in the system's own colours, on pages that
// fight it.

import type { Locator, Page } from '@playwright/test';
import { accessible } from './stage/axe.ts';
import { expect, test } from './stage/fixtures.ts';
import { hostPage } from './stage/host-pages.ts';
import { GREETING, type Visitor } from './stage/visitor.ts';

const STILL = { reducedMotion: 'reduce' } as const;

/** The tree of the panel, as a screen reader walks it. */
const tree = (lena: Visitor): Locator => lena.panel.locator('body');

test('the whole story by keyboard alone, with what a screen reader is told at each station', async ({ stage }) => {
  test.slow();
  const lena = await stage.visitor({ name: 'Lena', context: STILL });
  const aki = await stage.staff('aki', STILL);
  const keys = lena.page.keyboard;
  await aki.go();
  await lena.arrive();

  await test.step('arrive: the button is the last thing on the page', async () => {
    await expect(lena.page.locator('deskbell-chat')).toMatchAriaSnapshot(`- button "Open chat"`);
    await lena.page.locator('body :is(a, button, input)').last().focus();
    await keys.press('Tab');
    await expect(lena.launcher).toBeFocused();
    await expect(lena.launcher).toHaveAttribute('aria-expanded', 'false');
    await keys.press('Enter');
    await expect(lena.form.name).toBeFocused();
    await expect(lena.launcher).toHaveAttribute('aria-expanded', 'true');
  });

  await test.step('the form, wrongly: each field says what is wrong with it, and the first one has the focus', async () => {
    await expect(tree(lena)).toMatchAriaSnapshot(`
      - banner "Oak & Co.":
        - heading "Oak & Co." [level=1]
        - paragraph: /answer/
        - button "Close chat"
      - main "Chat":
        - heading "How can we help?" [level=2]
        - paragraph: Tell us a little and a person will be with you.
        - text: Name optional
        - textbox "Name"
        - text: E-mail optional
        - textbox "E-mail"
        - text: Your question
        - textbox "Your question"
        - button "Start chat"
    `);
    await keys.type(lena.name);
    await keys.press('Tab');
    await keys.type('lena@');
    await keys.press('Tab');
    await expect(lena.form.question).toBeFocused();
    await keys.press('Tab');
    await expect(lena.form.start).toBeFocused();
    await keys.press('Enter');
    await expect(lena.form.email).toBeFocused();
    await expect(tree(lena)).toMatchAriaSnapshot(`
      - textbox "E-mail" [invalid]: lena@
      - alert: This address is not complete.
      - text: Your question
      - textbox "Your question" [invalid]
      - alert: Please write your question.
      - button "Start chat"
    `);
    await expect(lena.form.email).toHaveAccessibleDescription('This address is not complete.');
    await expect(lena.form.question).toHaveAccessibleDescription('Please write your question.');
  });

  await test.step('the form, rightly: into the talk', async () => {
    await keys.press('End');
    await keys.type('example.org');
    await expect(lena.form.email).toHaveAccessibleDescription('');
    await keys.press('Tab');
    await keys.type('By keyboard only?');
    await keys.press('Tab');
    await keys.press('Enter');
    await expect(lena.composer).toBeFocused();
    await expect(lena.turn('Thank you for your question')).toBeVisible();
    await expect(tree(lena)).toMatchAriaSnapshot(`
      - banner "Oak & Co.":
        - button "More options"
        - button "Close chat"
      - main "Chat":
        - status: /You are/
        - log "Conversation":
          - paragraph:
            - text: You
            - time: /:/
          - text: By keyboard only?
          - paragraph: /Sent/
          - paragraph:
            - text: Oak & Co.
            - time: /:/
          - text: Thank you for your question. A person will be with you in a moment.
        - status
        - text: Message
        - textbox "Message"
        - button "Send message"
    `);
  });

  await test.step('talking: read, answer, and know that it was read', async () => {
    await aki.take(lena.name);
    await aki.say('Why not?');
    await expect(lena.said('Why not?')).toBeVisible();
    await expect(lena.composer).toBeFocused();
    await keys.type('Line one');
    await keys.press('Shift+Enter');
    await keys.type('line two');
    await keys.press('Enter');
    await expect(lena.turn('Line one')).toContainText('Read');
    await expect(tree(lena)).toMatchAriaSnapshot(`
      - banner "Oak & Co.":
        - heading /Aki/ [level=1]
        - paragraph: Oak & Co.
    `);
    await expect(lena.log).toMatchAriaSnapshot(`
      - log "Conversation":
        - text: Why not?
        - paragraph:
          - text: You
          - time: /:/
        - text: Line one line two
        - paragraph: /Read/
    `);
    // The order in which one walks: the talk, what is written, sending; and back.
    const emoji = lena.panel.getByRole('button', { name: 'Emoji' });
    await keys.press('Tab');
    await expect(emoji).toBeFocused();
    await keys.press('Tab');
    await expect(lena.sendButton).toBeFocused();
    await keys.press('Shift+Tab');
    await keys.press('Shift+Tab');
    await expect(lena.composer).toBeFocused();
    await keys.press('Shift+Tab');
    await expect(lena.log).toBeFocused();
    await keys.press('Shift+Tab');
    await expect(lena.panel.getByRole('button', { name: 'Close chat' })).toBeFocused();
    await keys.press('Shift+Tab');
    await expect(lena.menuButton).toBeFocused();
  });

  await test.step('away and back: Escape leads to the button, which says what waits', async () => {
    await keys.press('Escape');
    await expect(lena.launcher).toBeFocused();
    await aki.say('Still there?');
    await expect(lena.page.locator('deskbell-chat')).toMatchAriaSnapshot(`- button "Open chat, 1 unread message"`);
    await keys.press('Enter');
    await expect(lena.composer).toBeFocused();
    await expect(lena.launcher).toHaveAccessibleName('Close chat');
  });

  await test.step('the end: rated by arrows and blanks', async () => {
    await lena.menuButton.focus();
    await keys.press('Enter');
    // It comes when it is first wanted.
    await expect(lena.panel.getByRole('menuitemcheckbox').first()).toBeFocused();
    await keys.press('End');
    await keys.press('Enter');
    await expect(lena.panel.getByRole('dialog', { name: 'Leave this chat?' })).toMatchAriaSnapshot(`
      - dialog "Leave this chat?":
        - heading "Leave this chat?" [level=2]
        - paragraph: The conversation ends for both sides. You can take it up again later.
        - button "Leave chat"
        - button "Stay"
    `);
    await keys.press('Shift+Tab');
    await expect(lena.panel.getByRole('button', { name: 'Leave chat', exact: true })).toBeFocused();
    await keys.press('Enter');
    await expect(lena.rating.group).toBeVisible();
    await expect(tree(lena)).toMatchAriaSnapshot(`
      - group "How was it?":
        - text: How was it?
        - radio "1 star"
        - radio "2 stars"
        - radio "3 stars"
        - radio "4 stars"
        - radio "5 stars"
      - text: Anything to add?
      - textbox "Anything to add?"
      - checkbox "Without my name"
      - text: Without my name
      - button "Send rating"
      - button "Resume this chat"
      - button "New chat"
    `);
    await expect(lena.log).toBeFocused();
    await keys.press('Tab');
    await expect(lena.stars(1)).toBeFocused();
    for (let star = 1; star < 4; star += 1) await keys.press('ArrowRight');
    await expect(lena.stars(4)).toBeChecked();
    await keys.press('Tab');
    await keys.type('Quick.');
    await keys.press('Tab');
    await expect(lena.rating.anonymous).toBeFocused();
    await keys.press('Tab');
    await keys.press('Enter');
    await expect(lena.rating.change).toBeFocused();
    await expect(tree(lena)).toMatchAriaSnapshot(`
      - status: Thank you for your rating.
      - button "Change rating"
    `);
  });
});

/** Everything that is added to or taken from the log, with the words of what is added. */
async function listen(log: Locator): Promise<() => Promise<{ said: string[]; quiet: string[]; gone: number }>> {
  await log.evaluate((element) => {
    const heard = { said: [] as string[], quiet: [] as string[], gone: 0 };
    Object.assign(window, { heard });
    new MutationObserver((records) => {
      for (const { addedNodes, removedNodes } of records) {
        for (const node of addedNodes) {
          if (!(node instanceof HTMLElement)) continue;
          const words = node.querySelector('.bubble, .pill span')?.textContent ?? '';
          // A busy log is not read out.
          (element.ariaBusy === 'true' ? heard.quiet : heard.said).push(words);
        }
        heard.gone += [...removedNodes].filter((node) => node instanceof HTMLElement).length;
      }
    }).observe(element, { childList: true });
  });
  return () => log.evaluate(() => (window as never as { heard: { said: string[]; quiet: string[]; gone: number } }).heard);
}

test('one announcement for each message that comes, none for history, and the focus stays', async ({ stage }) => {
  const lena = await stage.visitor({ name: 'Lena', context: STILL });
  const aki = await stage.staff('aki', STILL);
  await aki.go();
  await lena.begin('Who is there?');
  await aki.take(lena.name);
  await expect(lena.log.getByText(`${aki.name} joined`)).toBeVisible();
  await expect(lena.log).toHaveAttribute('aria-relevant', 'additions');
  const heard = await listen(lena.log);
  await lena.composer.focus();
  await aki.say('First.');
  await aki.say('Second.');
  await expect(lena.said('Second.')).toBeVisible();
  await lena.composer.press('Shift+Tab');
  const somewhere = await lena.panel.locator(':focus').getAttribute('id');
  await aki.say('Third.');
  await expect(lena.said('Third.')).toBeVisible();
  await expect(lena.panel.locator(':focus')).toHaveAttribute('id', somewhere!);
  await lena.say('Mine.');
  await expect(lena.turn('Mine.')).toContainText('Read');
  expect(await heard()).toEqual({ said: ['First.', 'Second.', 'Third.', 'Mine.'], quiet: [], gone: 0 });
  // Said once, by the log: no other region repeats it.
  for (const region of await lena.panel.locator('[role=status], [role=alert]').all()) {
    await expect(region).not.toContainText('Third.');
  }
});

test('text spacing of one’s own and a page that is twice as large lose nothing', async ({ stage, server }) => {
  // A window of 640 pixels is one of 1,280 at 200 %; one of 320 at 400 %.
  for (const width of [640, 320]) {
    const lena = await stage.visitor({ name: 'Lena', context: { viewport: { width, height: 480 }, deviceScaleFactor: 2, ...STILL } });
    const aki = await stage.staff('aki', STILL);
    await aki.go();
    await lena.arrive();
    await lena.openChat();
    const frame = lena.page.frames().find((frame) => frame.url().startsWith(server.dashboard))!;
    await frame.evaluate(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }');
      document.adoptedStyleSheets = [sheet];
    });
    const whole = async (what: string) => {
      const cut = await frame.evaluate(() => {
        const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
        const lost = [...document.querySelectorAll<HTMLElement>('button, label, h1, h2, .bubble, .lead, .fine, .error, .tick, .pill, legend')]
          .filter((element) => element.checkVisibility() && !element.closest('.unseen'))
          .filter((element) => element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== 'inline')
          .map((element) => `${element.tagName} ${element.id || element.className}: ${element.textContent?.trim()}`);
        return { wide, lost };
      });
      expect(cut, `${what} at ${width} pixels`).toEqual({ wide: 0, lost: [] });
    };
    await lena.form.start.click();
    await expect(lena.panel.getByText('Please write your question.')).toBeVisible();
    await whole('the form');
    await lena.ask('Is this large enough for everybody?');
    await aki.take(lena.name);
    await aki.say('It is.');
    await expect(lena.said('It is.')).toBeVisible();
    await whole('the talk');
    await lena.composer.scrollIntoViewIfNeeded();
    await expect(lena.composer).toBeInViewport({ ratio: 1 });
    await aki.end();
    await expect(lena.rating.group).toBeVisible();
    await whole('the end');
    for (const name of ['Send rating', 'Resume this chat', 'New chat']) {
      const button = lena.panel.getByRole('button', { name });
      await button.evaluate((element) => element.scrollIntoView({ block: 'center' }));
      await expect(button).toBeInViewport({ ratio: 1 });
    }
  }
});

const moving = (page: Page) =>
  Promise.all(page.frames().map((frame) => frame.evaluate(() => {
    const roots = [document, ...[...document.querySelectorAll('*')].flatMap((element) => element.shadowRoot ?? [])];
    return roots.flatMap((root) => [...root.querySelectorAll('*')]).filter((element) => {
      const { transitionDuration, animationName } = getComputedStyle(element);
      return animationName !== 'none' || transitionDuration.split(', ').some((time) => parseFloat(time) > 0);
    }).map((element) => `${element.tagName} ${element.id}`);
  })));

test('who wants less movement gets none', async ({ stage }) => {
  const lena = await stage.visitor({ name: 'Lena', context: STILL });
  const aki = await stage.staff('aki', STILL);
  await aki.go();
  const nothing = async () => expect((await moving(lena.page)).flat()).toEqual([]);
  await lena.arrive();
  await nothing();
  await lena.openChat();
  await expect(lena.form.heading).toBeVisible();
  await nothing();
  await lena.ask('Does it move?');
  await aki.take(lena.name);
  await aki.composer.pressSequentially('No');
  await expect(lena.panel.getByRole('status').filter({ hasText: 'is typing' })).toBeVisible();
  await nothing();
  await aki.end();
  await expect(lena.rating.group).toBeVisible();
  await nothing();
});

test('in the system’s own colours the focus, the icons and the bubbles are seen', async ({ stage }) => {
  const lena = await stage.visitor({ name: 'Lena', context: { forcedColors: 'active', ...STILL } });
  const aki = await stage.staff('aki', STILL);
  await aki.go();
  await lena.arrive();
  const seen = async (target: Locator, what: string) => {
    await target.focus();
    // As who walks there by keys.
    await lena.page.keyboard.press('Shift+Tab');
    await lena.page.keyboard.press('Tab');
    await expect(target).toBeFocused();
    const ring = await target.evaluate((element) => {
      const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element);
      return [outlineStyle, parseFloat(outlineWidth) >= 2, outlineColor.startsWith('rgba(0, 0, 0, 0)')];
    });
    expect(ring, `the ring of ${what}`).toEqual([expect.not.stringMatching('none'), true, false]);
    const icons = await target.locator('svg').evaluateAll((all) => all.map((icon) => {
      const { stroke, width } = getComputedStyle(icon);
      const { color, backgroundColor } = getComputedStyle(icon.parentElement!);
      return stroke !== 'none' && stroke !== backgroundColor && color !== backgroundColor && parseFloat(width) > 10;
    }));
    expect(icons.every(Boolean), `the icon of ${what}`).toBe(true);
  };
  await seen(lena.launcher, 'the launcher');
  expect(await lena.launcher.evaluate((button) => getComputedStyle(button).borderTopStyle)).toBe('solid');
  await lena.page.keyboard.press('Enter');
  await expect(lena.form.name).toBeFocused();
  for (const field of [lena.form.name, lena.form.question, lena.form.start, lena.panel.getByRole('button', { name: 'Close chat' })]) {
    await seen(field, String(field));
  }
  await lena.ask('Can you read me?');
  await aki.take(lena.name);
  await aki.say('I can.');
  await expect(lena.said('I can.')).toBeVisible();
  for (const part of [lena.composer, lena.sendButton, lena.menuButton, lena.log]) await seen(part, String(part));
  for (const text of ['Can you read me?', 'I can.']) {
    expect(await lena.said(text).evaluate((bubble) => getComputedStyle(bubble).borderTopStyle)).toBe('solid');
  }
  await aki.end();
  await expect(lena.rating.group).toBeVisible();
  await lena.stars(2).focus();
  await lena.stars(2).press('Space');
  const fills = await lena.panel.locator('.stars .icon').evaluateAll((all) => all.map((icon) => getComputedStyle(icon).fill));
  expect(new Set(fills).size, 'given stars look different').toBe(2);
});

test('with a phone’s keyboard open the composer stays above it', async ({ stage }) => {
  const lena = await stage.visitor({ name: 'Lena', context: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } });
  await lena.begin('Is the keyboard in the way?');
  const frame = lena.page.locator('iframe[title="Chat"]');
  // What a keyboard does on phones: what is seen becomes smaller, the page does not.
  const keyboard = (height: number, top: number) =>
    lena.page.evaluate(([height, top]) => {
      Object.defineProperty(visualViewport, 'height', { configurable: true, get: () => height });
      Object.defineProperty(visualViewport, 'offsetTop', { configurable: true, get: () => top });
      visualViewport!.dispatchEvent(new Event('resize'));
    }, [height, top] as const);
  await keyboard(500, 0);
  await expect.poll(() => frame.boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 500 });
  const box = async () => (await lena.composer.boundingBox())!;
  await expect.poll(async () => (await box()).y + (await box()).height).toBeLessThan(500);
  await expect(lena.said('Is the keyboard in the way?')).toBeInViewport();
  await keyboard(500, 60);
  await expect.poll(() => frame.boundingBox()).toEqual({ x: 0, y: 60, width: 390, height: 500 });
  await keyboard(844, 0);
  await expect.poll(() => frame.boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 844 });
});

for (const [name, css, attributes] of [
  ['a transform on html and body', 'html { transform: translateX(8px) } body { transform: scale(.98); min-height: 3000px }', ''],
  ['filters, perspective and containment', 'html { filter: sepia(.4); perspective: 400px } body { contain: strict; height: 3000px; backdrop-filter: blur(1px); will-change: transform }', ''],
  ['containment of the root', 'html { contain: layout paint; container-type: inline-size } body { min-height: 3000px; overflow: hidden }', ''],
  ['everything unset, and always in front', '* { all: unset !important } html, body, main { display: block !important } main { position: fixed !important; inset: 0 !important; z-index: 2147483647 !important; background: gold !important }', ''],
] as const) {
  test(`hostile pages: ${name}`, async ({ stage, server }) => {
    const line = await stage.line();
    const lena = await stage.visitor({ line });
    await lena.arrive(hostPage(line, server, { head: `<style>${css}</style>`, body: attributes }));
    const size = lena.page.viewportSize()!;
    const place = async () => {
      const { x, y, width, height } = (await lena.launcher.boundingBox())!;
      return [x, y, width, height].map(Math.round);
    };
    const corner = (page: number[]) => page[0]! > size.width - 100 && page[1]! > size.height - 90 && page[1]! < size.height - 70;
    await expect.poll(async () => corner(await place()), 'in its corner').toBe(true);
    await lena.page.evaluate(() => scrollTo(0, 500));
    await expect.poll(async () => corner(await place()), 'and there when the page scrolls').toBe(true);
    expect((await place()).slice(2)).toEqual([56, 56]);
    await lena.openChat();
    await expect(lena.page.locator('iframe[title="Chat"]')).toBeInViewport({ ratio: 1 });
    await lena.ask('Do you see me?');
    await lena.reads('Do you see me?', GREETING);
  });
}

test('axe finds nothing on a phone, in a chat and when it is over', async ({ stage }) => {
  const lena = await stage.visitor({ name: 'Lena', context: { viewport: { width: 390, height: 844 }, ...STILL } });
  const aki = await stage.staff('aki', STILL);
  await aki.go();
  await lena.begin('Is this over?');
  await aki.take(lena.name);
  await accessible('a chat on a phone', lena.page);
  await aki.end();
  await expect(lena.rating.group).toBeVisible();
  await accessible('an ended chat on a phone', lena.page);
});
