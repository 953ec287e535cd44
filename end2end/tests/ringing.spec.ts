// Chats that ring, and whom.

import type { Agent } from './stage/agent.ts';
import { expect, test, type Stage } from './stage/fixtures.ts';
import type { Server } from './stage/server.ts';

test.beforeEach(async ({ server }) => {
  // Whoever was here in the story before no longer counts as here.
  await server.advance(40);
  await server.setQueue({ settings: { strategy: 'ring_by_turns', ring: 20, pause: 60 } });
});

test.afterEach(async ({ server }) => {
  await server.setQueue({ settings: { strategy: 'pick' }, rules: { wrap_up: 'none' } });
});

async function both(stage: Stage): Promise<[Agent, Agent]> {
  const aki = await stage.staff('aki');
  const jo = await stage.staff('jo');
  await Promise.all([aki.go(), jo.go()]);
  // Each knows of the other: then both are here.
  for (const [agent, other] of [[aki, jo], [jo, aki]] as const) await present(agent, other, 'Online');
  return [aki, jo];
}

async function present(agent: Agent, other: Agent, word: string): Promise<void> {
  await agent.page.getByRole('button', { name: 'Online', exact: true }).click();
  const menu = agent.page.getByRole('menu', { name: 'Availability' });
  await expect(menu.getByText(other.name).locator('..')).toContainText(word);
  await agent.page.keyboard.press('Escape');
}

/** What the tab sounds: its root says so. */
const sound = (agent: Agent) => agent.page.locator('html');

/** Whom it rings, and the other one. */
async function rung(visitor: string, agents: [Agent, Agent]): Promise<[Agent, Agent]> {
  const first = await Promise.any(agents.map((agent) => agent.ring(visitor).waitFor().then(() => agent)));
  return first === agents[0] ? agents : [agents[1], agents[0]];
}

test('a chat rings one agent, who declines, and the next, who accepts', async ({ stage }) => {
  const agents = await both(stage);
  const email = stage.address('Lena');
  const lena = await stage.waiting('Lena', 'Is it solid oak?', { email });
  const [first, next] = await rung(lena.name, agents);
  const card = first.ring(lena.name);
  await expect(card).toContainText('Sales');
  await expect(card).toContainText('You have been free the longest');
  await expect(card).toContainText('Is it solid oak?');
  await expect(card.getByRole('timer')).toHaveText(/^(20|1\d)$/);
  await expect(card.getByRole('link', { name: email })).toHaveAttribute('href', /\/inbox\/incoming\//);
  await expect(next.ring(lena.name)).toBeHidden();
  await expect(next.row(lena.name)).toContainText(`Ringing ${first.name}`);
  await expect(first.row(lena.name)).toContainText('Ringing you');
  // It is heard, by whom it rings only.
  await first.page.keyboard.press('Shift');
  await expect(sound(first)).toHaveAttribute('data-ring', 'on');
  await expect(sound(next)).toHaveAttribute('data-ring', 'off');

  await first.decline(lena.name);
  await expect(card).toBeHidden();
  await expect(sound(first)).toHaveAttribute('data-ring', 'off');
  await expect(next.ring(lena.name)).toBeVisible();
  await next.accept(lena.name);
  await expect(next.composer).toBeFocused();
  await expect(next.ring(lena.name)).toBeHidden();
  await expect(next.line(`Offered to ${first.name}: longest idle`)).toBeVisible();
  await expect(next.line(`Back in the queue: ${first.name} declined`)).toBeVisible();
  await expect(next.line('Offered to you: longest idle')).toBeVisible();
  await expect(next.line('You took the chat')).toBeVisible();
  await expect(first.row(lena.name)).toBeHidden({ timeout: 15_000 });
});

test('whoever lets it ring is told so, and the next one has it', async ({ stage, server }) => {
  const agents = await both(stage);
  const lena = await stage.waiting('Lena', 'Is it solid oak?');
  const [first, next] = await rung(lena.name, agents);
  await server.advance(21);
  await expect(first.ring(lena.name)).toBeHidden();
  await expect(first.status(`${lena.name} rings you no longer`)).toBeVisible();
  await next.accept(lena.name);
  await expect(next.line(`Back in the queue: ${first.name} did not answer in 20 s`)).toBeVisible();
});

test('ring all: everyone’s card is gone as soon as one has it, and says who', async ({ stage, server }) => {
  await server.setQueue({ settings: { strategy: 'ring_all' } });
  const [aki, jo] = await both(stage);
  const lena = await stage.waiting('Lena', 'Is it solid oak?');
  await expect(jo.ring(lena.name)).toContainText('Rings everyone who is free');
  await aki.accept(lena.name);
  await expect(jo.ring(lena.name)).toBeHidden();
  await expect(jo.status(`${aki.name} has it`)).toBeVisible();
  await expect(aki.log.getByText(/^Offered to (Aki|Jo) .*, .*: everyone who is free$/)).toBeVisible();
});

test('auto-answer gives the chat without asking', async ({ stage, server }) => {
  await server.setQueue({ settings: { strategy: 'auto_answer' } });
  const aki = await stage.staff('aki');
  await aki.go('/inbox/active');
  const lena = await stage.waiting('Lena', 'Is it solid oak?');
  await expect(aki.row(lena.name)).toBeVisible();
  await expect(aki.ring(lena.name)).toBeHidden();
  await aki.open(lena.name);
  await expect(aki.line('The chat went to you: longest idle')).toBeVisible();
  await aki.say('It is.');
});

test('a queue that rings nobody is a pick list', async ({ stage, server }) => {
  await server.setQueue({ settings: { strategy: 'pick' } });
  const aki = await stage.staff('aki');
  await aki.go();
  const lena = await stage.waiting('Lena', 'Is it solid oak?');
  await expect(aki.page.getByRole('heading', { name: 'Sales' })).toContainText('pick list');
  await aki.row(lena.name).hover();
  await aki.row(lena.name).getByRole('button', { name: 'Pick' }).click();
  await expect(aki.composer).toBeFocused();
  await expect(aki.line('You took the chat')).toBeVisible();
  await expect(aki.log).not.toContainText('Offered to');
});

test('an agent’s laptop closes: the chat that they had not answered goes to the next', async ({ stage, server }) => {
  const aki = await stage.staff('aki');
  await aki.go();
  const lena = await stage.waiting('Lena', 'Is it solid oak?');
  await aki.accept(lena.name);
  await expect(aki.composer).toBeFocused();
  const jo = await stage.staff('jo');
  await jo.go('/settings');
  await aki.page.context().close();
  // Two steps: the line's end has to be known before the grace time runs.
  await expect.poll(() => goneFor(server, jo, lena.name), { timeout: 20_000 }).toBe(true);
  await jo.accept(lena.name);
  await expect(jo.line(`Back in the queue: ${aki.name} lost the connection before answering`)).toBeVisible();
});

/** Lets time pass until it rings here. */
async function goneFor(server: Server, agent: Agent, visitor: string): Promise<boolean> {
  await server.advance(31);
  return agent.ring(visitor).isVisible();
}

for (const [kind, rule] of [['manual', 'manual'], ['timed', { timed: 60 }]] as const) {
  test(`during a ${kind} wrap-up nothing rings`, async ({ stage, server }) => {
    await server.setQueue({ rules: { wrap_up: rule } });
    const aki = await stage.staff('aki');
    await aki.go();
    const kim = await stage.waiting('Kim', 'Is it blue?');
    await aki.accept(kim.name);
    await aki.say('It is.');
    await aki.end();
    await expect(aki.page.getByText('No new chat rings you until the wrap-up is closed.')).toBeVisible();
    const left = aki.page.getByRole('main').getByRole('timer', { name: 'Wrap-up ends in' });
    if (kind === 'timed') await expect(left).toHaveText(/^(1:00|0:5\d)$/);
    else await expect(left).toBeHidden();

    const lena = await stage.waiting('Lena', 'Is it solid oak?');
    await expect(aki.takeOldest).toBeVisible();
    await server.advance(5);
    await expect(aki.ring(lena.name)).toBeHidden();
    if (kind === 'timed') await server.advance(60);
    else await aki.page.getByRole('main').getByRole('button', { name: 'Close', exact: true }).click();
    await expect(aki.ring(lena.name)).toBeVisible();
  });
}

test('keys answer everywhere, but not in the middle of a sentence', async ({ stage }) => {
  const aki = await stage.staff('aki');
  await aki.go('/settings');
  const kim = await stage.waiting('Kim', 'Is it blue?');
  await expect(aki.ring(kim.name)).toBeVisible();
  const said = `${kim.name} rings you, Sales. You have been free the longest. Alt Shift A accepts, Alt Shift D declines.`;
  await expect(aki.page.getByRole('alert').filter({ hasText: said })).toHaveCount(1);
  await aki.page.keyboard.press('Alt+Shift+A');
  await expect(aki.composer).toBeFocused();
  await aki.page.keyboard.type('Half a sen');
  const lena = await stage.waiting('Lena', 'Is it solid oak?');
  await expect(aki.ring(lena.name)).toBeVisible();
  await expect(aki.composer).toBeFocused();
  await aki.page.keyboard.press('Alt+Shift+D');
  await expect(aki.ring(lena.name)).toBeVisible();
  await aki.page.keyboard.type('tence.');
  await aki.page.keyboard.press('Enter');
  await expect(aki.said('Half a sentence.')).toBeVisible();
  await aki.page.keyboard.press('Alt+Shift+D');
  await expect(aki.ring(lena.name)).toBeHidden();
  await expect(aki.said('Half a sentence.')).toBeVisible();
});

test.describe('on a phone', () => {
  const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

  test('the card has room, and a tap accepts', async ({ stage }) => {
    const aki = await stage.staff('aki', PHONE);
    await aki.go();
    const lena = await stage.waiting('Lena', 'Is it solid oak, and could it be here before the end of the week?');
    const card = aki.ring(lena.name);
    await expect(card).toBeVisible();
    const box = await card.boundingBox();
    expect(box!.x).toBeGreaterThanOrEqual(0);
    expect(box!.x + box!.width).toBeLessThanOrEqual(390);
    const accept = card.getByRole('button', { name: 'Accept' });
    // It comes in with a movement; its size counts once it stands.
    await expect.poll(async () => (await accept.boundingBox())!.height).toBeGreaterThanOrEqual(44);
    await accept.tap();
    await expect(aki.composer).toBeVisible();
    await expect(aki.line('You took the chat')).toBeVisible();
  });
});
