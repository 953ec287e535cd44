// Two acts of the menu that go by e-mail: the chat to keep, and what somebody may ask for about themselves. Fetched by
// widget-more.js when one of them is chosen.

const root = document.documentElement;
const part = (id) => document.getElementById(id);

/** A dialog of one field, which may change what it asks for on the way. */
const dialogOf = (name) => {
  const dialog = part(name);
  const [form, field, error] = ['form', 'input', '.error'].map((selector) => dialog.querySelector(selector));
  const complain = (words) => {
    // Filled in anew even when it is the same, so that it is said again.
    error.textContent = '';
    error.textContent = words;
    words ? field.setAttribute('aria-invalid', 'true') : field.removeAttribute('aria-invalid');
    if (words) field.focus();
  };
  dialog.querySelector('[data-close]').onclick = () => dialog.close();
  field.oninput = () => complain('');
  return { dialog, form, field, complain };
};

const post = (path, token, body) =>
  fetch('/w/api/' + path, {
    method: 'POST',
    headers: { 'Authorization': 'Bearer ' + token(), 'Content-Type': 'application/json' },
    body: JSON.stringify({ ...body, language: root.lang }),
  });

/** What an answer that is none comes to: its error, by name. */
const fault = async (answer) => {
  const { error } = await answer.json().catch(() => ({}));
  if (answer.status == 422) return error?.invalid?.[0] || {};
  return { status: answer.status };
};

// One at a time, whatever is pressed meanwhile.
const once = (task) => {
  let busy;
  return async (event) => {
    event?.preventDefault();
    if (busy) return;
    busy = 1;
    await task().finally(() => (busy = 0));
  };
};

export default ({ texts, token, say }) => {
  const known = () => self.client.kept()['field.email'] || '';

  const mail = dialogOf('mail');
  mail.form.onsubmit = once(async () => {
    const email = mail.field.value.trim();
    try {
      const answer = await post('transcript', token, { email });
      if (answer.ok) {
        mail.dialog.close();
        return say(texts.mail_sent.replace('{email}', () => email));
      }
      const { problem, status } = await fault(answer);
      mail.complain(problem ? texts.not_an_email : status == 409 ? texts.mail_nothing : texts.mail_failed);
    } catch {
      mail.complain(texts.mail_failed);
    }
  });

  const data = dialogOf('my-data');
  const [lead, label, go, choices] = ['my-data-lead', 'my-data-label', 'my-data-go', 'my-data-choices'].map(part);
  // What is asked for, and the code's way: first where to, then the code itself.
  let [ask, code] = ['', 0];
  const show = (words, isCode) => {
    code = isCode;
    label.textContent = words;
    data.field.value = '';
    data.field.type = isCode ? 'text' : 'email';
    data.field.inputMode = isCode ? 'text' : 'email';
    data.field.autocapitalize = 'off';
    data.field.autocomplete = isCode ? 'one-time-code' : 'email';
    data.form.hidden = false;
    choices.hidden = true;
    data.field.focus();
  };
  const erased = () => {
    // Nothing is left of it here either.
    for (const name in self.client.kept()) self.client.keep(name, null);
    location.hash = '';
    location.reload();
  };
  const download = async (answer) => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await answer.blob());
    link.download = 'my-data.json';
    link.click();
    URL.revokeObjectURL(link.href);
    data.dialog.close();
  };
  const failed = () => {
    if (data.form.hidden) show(texts.email, 0);
    data.complain(texts.mail_failed);
  };
  const request = once(async () => {
    const value = data.form.hidden ? '' : data.field.value.trim();
    try {
      const answer = await post('privacy', token, code ? { ask, code: value } : { ask, email: value });
      if (answer.status == 202) return show(texts.code_label.replace('{email}', await answer.json().then(({ to }) => () => to)), 1);
      if (answer.status == 204) return erased();
      if (answer.ok) return await download(answer);
      const { field, problem } = await fault(answer);
      if (field == 'code') return data.complain(texts.code_wrong);
      if (field == 'email') {
        if (data.form.hidden) show(texts.email, 0);
        return problem == 'missing' ? data.field.focus() : data.complain(texts.not_an_email);
      }
      failed();
    } catch {
      failed();
    }
  });
  data.form.onsubmit = request;
  for (const choice of choices.querySelectorAll('[data-ask]')) {
    choice.onclick = () => {
      ask = choice.dataset.ask;
      code = 0;
      lead.textContent = ask == 'erase' ? `${texts.data_erase_lead} ${texts.data_lead}` : texts.data_lead;
      go.classList.toggle('danger', ask == 'erase');
      request();
    };
  }

  return {
    mail() {
      mail.field.value = known();
      mail.complain('');
      mail.dialog.showModal();
      mail.field.focus();
    },
    data() {
      data.form.hidden = true;
      choices.hidden = false;
      lead.textContent = texts.data_lead;
      data.complain('');
      data.dialog.showModal();
    },
  };
};
