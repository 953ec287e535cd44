import { accessible } from './stage/axe.ts';
import { test } from './stage/fixtures.ts';
import { doorsTour, endingsTour, inboxTour, unkeptTour, widgetTour } from './stage/tour.ts';

test('axe finds nothing in any state of the widget', async ({ stage }) => {
  await widgetTour(stage, accessible);
  await unkeptTour(stage, accessible);
});

test('axe finds nothing on the pages before the dashboard', async ({ stage, emptyServer }) => {
  await doorsTour(stage, emptyServer, accessible);
});

test('axe finds nothing in the inbox', async ({ stage }) => {
  await inboxTour(stage, accessible);
});

test('axe finds nothing where chats end, and on what is left of them', async ({ stage }) => {
  await endingsTour(stage, accessible);
});
