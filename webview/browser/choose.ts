/** One of several things to choose. */
export interface Choice {
  readonly value: string;
  readonly text: string;
}

/** Asks a person for one of several things in a dialog. @returns its value; undefined if it was cancelled */
export function choose(title: string, choices: readonly Choice[]): Promise<string | undefined> {
  const list = document.createElement('select');
  list.size = Math.min(12, Math.max(2, choices.length));
  list.append(...choices.map(({ value, text }) => new Option(text, value)));
  list.selectedIndex = 0;
  return ask(title, list);
}

/** Asks a person for a text in a dialog. @returns undefined if it was cancelled */
export function askText(title: string, value: string): Promise<string | undefined> {
  const input = document.createElement('input');
  input.value = value;
  return ask(title, input);
}

function ask(title: string, field: HTMLSelectElement | HTMLInputElement): Promise<string | undefined> {
  const dialog = document.createElement('dialog');
  const form = document.createElement('form');
  form.method = 'dialog';
  const label = document.createElement('label');
  label.append(title, field);
  const [accept, cancel] = ['OK', 'Cancel'].map((text) => {
    const button = document.createElement('button');
    button.textContent = text;
    button.value = text;
    return button;
  });
  form.append(label, accept ?? '', cancel ?? '');
  dialog.append(form);
  field.addEventListener('dblclick', () => accept?.click());
  document.body.append(dialog);
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'OK' && field.value !== '' ? field.value : undefined);
    });
    dialog.showModal();
    if (field instanceof HTMLInputElement) field.select();
  });
}
