// The site's invites: part of an address, seconds on that page, visits, words. Whoever has closed one has a day's rest. The
// server puts this into the launcher's script where the site has some: looking out for one asks for nothing.
export default (settings, root, kept, keep, api, opened) => {
  const { r: invites, l: left, x: close, d: dark } = settings;
  if (Date.now() - kept.quiet < 864e5) return;
  let [visits = 0, last = 0] = kept.visits || [];
  if (invites.some((rule) => rule[2] > 1)) {
    // Half an hour without a page of the site ends a visit.
    kept.visits = [(visits += Date.now() - last > 18e5), Date.now()];
    keep();
  }
  let page;
  let seconds;
  const timer = setInterval(() => {
    if (opened()) return clearInterval(timer);
    if (document.hidden) return;
    const [now] = location.href.split('#');
    if (now != page) [page, seconds] = [now, 0];
    seconds++;
    const rule = invites.find(([part, after, from]) => now.includes(part) && seconds > after && (from < 2 || visits >= from));
    if (!rule) return;
    clearInterval(timer);
    const quiet = () => {
      kept.quiet = Date.now();
      keep();
    };
    import(settings.o + settings.m).then((module) => {
      if (!opened()) api('on', 'opened', module.default({ root, text: rule[3], close, left, dark, quiet, open: () => api('open') }));
    }, () => {});
  }, 1e3);
};
