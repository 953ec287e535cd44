// Payment cards' numbers in what a visitor writes, but for their last four digits, are taken out before it leaves the browser:
// the frame of a site that wants that carries this script inside. The same as `domain::mask_cards`, which the server applies
// to everything once more; a story compares the two.
self.maskCards = (text) => {
  const runs = [...text.matchAll(/\d+/g)].map((found) => [found.index, found.index + found[0].length, found[0]]);
  const joins = (n) => /^[ .\-\u00a0\u2009\u202f\u2010\u2011\u2013]$/.test(text.slice(runs[n - 1][1], runs[n][0]));
  const card = (digits) => {
    if (!/^(4\d{12}|3\d{13}|[1-3]\d{14}|[2-689]\d{15,18})$/.test(digits)) return;
    let sum = 0;
    [...digits].reverse().forEach((digit, at) => (sum += at % 2 ? ((digit * 2) % 10) + (digit > 4) : +digit));
    return sum % 10 == 0;
  };
  let masked = '';
  let at = 0;
  for (let from = 0; from < runs.length; ) {
    let next = from + 1;
    while (next < runs.length && joins(next)) next++;
    const chain = runs.slice(from, next);
    const count = chain.reduce((sum, run) => sum + run[2].length, 0);
    if (text[chain[0][0] - 1] != '+' || count > 15)
      for (let first = 0; first < chain.length; ) {
        let digits = '';
        let last = -1;
        for (let n = first; n < chain.length && (digits += chain[n][2]).length < 20; n++) if (card(digits)) last = n;
        if (last < 0) {
          first++;
          continue;
        }
        const number = chain.slice(first, last + 1).map((run) => run[2]).join('');
        masked += text.slice(at, chain[first][0]) + '•••• ' + number.slice(-4);
        at = chain[last][1];
        first = last + 1;
      }
    from = next;
  }
  return masked + text.slice(at);
};
