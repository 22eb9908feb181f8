// Makes the verify page quicker to use: drop or paste a badge anywhere, follow links with the badge in them, print and copy
// the result. Everything goes through the same form; without this script the form does it all.

const form = document.querySelector('form[data-verify]');
if (form instanceof HTMLFormElement) enhance(form);
else addEventListener('hashchange', openForm);
for (const button of document.querySelectorAll('button[data-action]')) prepare(button);

/** @param {HTMLFormElement} form */
function enhance(form) {
  const { file, url, text } = form.elements;
  const status = form.querySelector('[role=status]');
  for (const hint of form.querySelectorAll('[data-hint]')) hint.hidden = false;

  const send = () => {
    form.requestSubmit();
  };
  const give = (field, value) => {
    for (const other of [file, url, text]) other.value = '';
    if (field === file) file.files = value;
    else field.value = value;
    send();
  };
  const giveText = (words) => {
    give(/^https?:\/\/\S+$/i.test(words) ? url : text, words);
  };

  form.addEventListener('submit', () => {
    status.textContent = 'Checking the badge. This takes a few seconds at most.';
    form.setAttribute('aria-busy', 'true');
  });
  // Back from the result, the page may be the very one that was left.
  addEventListener('pageshow', () => {
    status.textContent = '';
    form.removeAttribute('aria-busy');
  });

  let inside = 0;
  const mark = (change) => {
    inside = Math.max(0, inside + change);
    form.classList.toggle('dropping', inside > 0);
  };
  addEventListener('dragenter', () => mark(1));
  addEventListener('dragleave', () => mark(-1));
  addEventListener('dragover', (event) => event.preventDefault());
  addEventListener('drop', (event) => {
    event.preventDefault();
    mark(-inside);
    take(event.dataTransfer);
  });
  addEventListener('paste', (event) => {
    if (event.clipboardData.files.length === 0 && event.target.closest('input, textarea')) return;
    event.preventDefault();
    take(event.clipboardData);
  });

  /** @param {DataTransfer} data */
  function take(data) {
    if (data.files.length > 0) {
      give(file, data.files);
      return;
    }
    const words = (data.getData('text/uri-list') || data.getData('text/plain')).trim();
    if (words !== '') giveText(words);
  }

  const follow = () => {
    const words = readLink(location.hash);
    if (words === undefined) return;
    // Coming back should not send it again, nor should the badge stay in the address.
    history.replaceState(null, '', location.pathname);
    giveText(words);
  };
  addEventListener('hashchange', follow);
  follow();
}

/** A result has the same address as the form: a link to that address with a badge in it would stay where it is. */
function openForm() {
  if (readLink(location.hash) !== undefined) location.assign(`/verify?from=link${location.hash}`);
}

/**
 * `#vc=` carries JSON or a JWT, percent-encoded or in base64url; `#url=` the address of a badge.
 * @param {string} hash
 */
function readLink(hash) {
  const [, name, value] = /^#(vc|url)=(.+)$/.exec(hash) ?? [];
  if (value === undefined) return undefined;
  const words = decode(value).trim();
  if (name === 'url') return /^https?:/i.test(words) ? words : undefined;
  const isReadable = words.startsWith('{') || /^[\w-]+\.[\w-]+\.[\w-]*$/.test(words);
  return isReadable ? words : fromBase64(words);
}

function decode(value) {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function fromBase64(words) {
  try {
    const bytes = atob(words.replaceAll('-', '+').replaceAll('_', '/'));
    return new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
  } catch {
    return words;
  }
}

/** @param {HTMLButtonElement} button */
function prepare(button) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    if (button.dataset.action === 'print') {
      print();
      return;
    }
    const said = document.getElementById(button.dataset.says);
    try {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.from).textContent);
      said.textContent = 'Copied.';
    } catch {
      said.textContent = 'Your browser did not allow it. Open the details below and copy it there.';
    }
  });
}
