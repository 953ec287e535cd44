import { expect, test } from './stage/fixtures.ts';
import { accessible } from './stage/axe.ts';

const CHATS = 5_000;

test('five thousand chats wait: the page comes small, the list holds what is on the screen, and what happens is seen', async ({
  stage,
}, info) => {
  test.setTimeout(300_000);
  await stage.server.setQueue({ rules: { wait_timeout: 900 } });
  const sam = await stage.staff('supervisor');
  try {
    await stage.server.manyWaiting(stage.named('Guest'), CHATS);
    const html = await (await sam.page.request.get(`${stage.server.dashboard}/inbox`)).text();
    expect(html.length, 'characters of the page').toBeLessThan(400_000);
    expect(html.split('dk-row__link').length - 1, 'rows in the page').toBeLessThan(160);

    await sam.go();
    const list = sam.page.getByRole('tabpanel', { name: 'Incoming' });
    const rows = list.getByRole('listitem');
    await expect(sam.tab('Incoming')).toContainText(String(CHATS));
    await expect(rows.first()).toContainText(`${stage.named('Guest')} 1`);
    // The first rows come with the page, the others over the socket.
    await expect(rows.first()).toHaveAttribute('aria-setsize', String(CHATS));
    await expect.poll(() => rows.count(), { message: 'rows in the document' }).toBeLessThan(60);
    await accessible('a long inbox', sam.page);

    // From one end to the other: each once, in order.
    const walked = await list.evaluate(async (list) => {
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      const met: number[] = [];
      const times: number[] = [];
      let most = 0;
      for (let still = 0; still < 4; ) {
        const places = [...list.querySelectorAll('.dk-row')].map((row) => Number(row.getAttribute('aria-posinset')));
        most = Math.max(most, places.length);
        for (const place of places) if (place > (met.at(-1) ?? 0)) met.push(place);
        const top = list.scrollTop;
        const began = performance.now();
        list.scrollTop += list.clientHeight;
        await frame();
        await frame();
        times.push(performance.now() - began);
        still = list.scrollTop === top ? still + 1 : 0;
      }
      times.sort((one, other) => one - other);
      return { met, most, median: times[times.length >> 1] ?? 0, p95: times[Math.floor(times.length * 0.95)] ?? 0 };
    });
    expect(walked.met).toEqual(Array.from({ length: CHATS }, (_, at) => at + 1));
    expect(walked.most).toBeLessThan(80);

    // Somebody new waits below all others; nothing else is made anew for it.
    await list.evaluate((list) => {
      const changed = { nodes: 0 };
      Object.assign(window, { changed });
      new MutationObserver((changes) => {
        for (const change of changes) changed.nodes += change.addedNodes.length + change.removedNodes.length;
      }).observe(list, { childList: true, subtree: true });
    });
    const late = await stage.waiting('Late', 'Is anybody there?');
    await expect(sam.row(late.name)).toBeVisible();
    await expect(sam.tab('Incoming')).toContainText(String(CHATS + 1));
    const nodes = await sam.page.evaluate(() => (window as unknown as { changed: { nodes: number } }).changed.nodes);
    expect(nodes, 'elements that came or went for one chat').toBeLessThan(60);
    const figures = `inbox of ${CHATS}: page ${Math.round(html.length / 1024)} KB, a screen on median ${walked.median.toFixed(0)} ms,
      p95 ${walked.p95.toFixed(0)} ms, at most ${walked.most} rows, ${nodes} nodes changed for one chat`.replace(/\s+/g, ' ');
    info.annotations.push({ type: 'figures', description: figures });
    console.log(figures);

    // The row with the keyboard stays when it is scrolled away.
    await rows.last().getByRole('link').focus();
    await list.evaluate((list) => list.scrollTo(0, 0));
    await expect(rows.first()).toContainText(`${stage.named('Guest')} 1`);
    await expect(sam.row(late.name).getByRole('link')).toBeFocused();
  } finally {
    // Nobody took them in time.
    await stage.server.advance(1_000);
    await stage.server.setQueue({ rules: { wait_timeout: 300 } });
  }
});
