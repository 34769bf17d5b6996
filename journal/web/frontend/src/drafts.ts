/** What was written and the server doesn't have yet, kept in this browser until it does. */
export interface Draft {
  readonly pk: string;
  readonly action: string;
  readonly fields: readonly (readonly [string, string])[];
  /** True while the server has never had it. */
  readonly fresh: boolean;
}

const PREFIX = "moodtide:check-in:";

/** The drafts of one person; a browser may serve a family. */
export class Drafts {
  private readonly prefix: string;

  constructor(
    person: string,
    private readonly store: Storage = localStorage,
  ) {
    this.prefix = `${PREFIX}${person}:`;
  }

  put(draft: Draft): void {
    this.store.setItem(this.prefix + draft.pk, JSON.stringify(draft));
  }

  remove(pk: string): void {
    this.store.removeItem(this.prefix + pk);
  }

  all(): Draft[] {
    const keys = Array.from({ length: this.store.length }, (_, number) => this.store.key(number) ?? "");
    return keys.filter((key) => key.startsWith(this.prefix)).map((key) => JSON.parse(this.store.getItem(key) ?? "") as Draft);
  }
}

/** A form's fields, as they are sent; its token belongs to the page and not to the draft. */
export function fieldsOf(form: HTMLFormElement): [string, string][] {
  const fields = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken" && name !== "tag_icon");
  return fields.map(([name, value]) => [name, String(value)]);
}

/** Put a draft's fields back into a form. */
export function fill(form: HTMLFormElement, fields: Draft["fields"]): void {
  keepOffer(form, fields);
  const has = (name: string, value: string) => fields.some(([n, v]) => n === name && v === value);
  for (const element of form.elements) {
    if (element instanceof HTMLInputElement && ["checkbox", "radio"].includes(element.type)) {
      if (element.name !== "tag_icon") element.checked = has(element.name, element.value);
    } else if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) {
      const found = fields.find(([name]) => name === element.name);
      if (found) element.value = found[1];
    }
  }
}

/** What was taken over stays so, though the page no longer offers it: the answer may have got lost on its way back. */
function keepOffer(form: HTMLFormElement, fields: Draft["fields"]): void {
  const taken = fields.find(([name]) => name === "taken_over");
  if (!taken || form.querySelector("[name=taken_over]")) return;
  const hidden = document.createElement("input");
  hidden.type = "hidden";
  [hidden.name, hidden.value] = taken;
  form.append(hidden);
}
