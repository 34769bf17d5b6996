import { token } from "./csrf";
import { need } from "./find";

interface Made {
  readonly id: string;
  readonly name: string;
  readonly icon: string;
  readonly group: string;
}

/** Adding tags without leaving the check-in. */
export class NewTag {
  private readonly name: HTMLInputElement;
  private readonly group: HTMLSelectElement;

  constructor(
    private readonly part: HTMLElement,
    private readonly onMade: () => void,
    private readonly onTrouble: (words: string) => void,
  ) {
    const box = need("[data-new-tag]", part);
    box.hidden = false;
    this.name = need("[data-tag-name]", box);
    this.group = need("[data-tag-group-choice]", box);
    need("[data-tag-add]", box).addEventListener("click", () => void this.add());
    this.name.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // adds the tag instead of sending the check-in
      void this.add();
    });
    this.offerStarters();
  }

  private offerStarters(): void {
    const starters = this.part.querySelector<HTMLElement>("[data-starters]");
    if (!starters) return;
    starters.hidden = false;
    for (const button of starters.querySelectorAll<HTMLButtonElement>("[data-starter]")) {
      button.addEventListener("click", async () => {
        const { name = "", icon = "", group = "" } = button.dataset;
        if (await this.make(name, icon, group)) button.remove();
      });
    }
  }

  private async add(): Promise<void> {
    const icon = need<HTMLInputElement>("[name=tag_icon]:checked", this.part).value;
    if (await this.make(this.name.value, icon, this.group.value)) this.name.value = "";
    this.name.focus();
  }

  private async make(name: string, icon: string, group: string): Promise<boolean> {
    const body = new URLSearchParams({ name, icon, group, csrfmiddlewaretoken: token() });
    try {
      const answer = await fetch("/tags", { method: "POST", body });
      const said = (await answer.json()) as Made & { error?: { message: string } };
      if (said.error) this.onTrouble(said.error.message);
      else this.show(said);
      return !said.error;
    } catch {
      this.onTrouble("");
      return false;
    }
  }

  private show(made: Made): void {
    const known = this.part.querySelector<HTMLInputElement>(`input[name="tags"][value="${made.id}"]`);
    if (known) known.checked = true;
    else this.groupOf(made).append(this.chip(made));
    this.onMade();
  }

  private groupOf({ group }: Made): Element {
    const found = this.part.querySelector(`[data-tag-group="${group}"] .chips`);
    if (found) return found;
    const fieldset = document.createElement("fieldset");
    fieldset.className = "plain";
    fieldset.dataset["tagGroup"] = group;
    const legend = document.createElement("legend");
    legend.className = "muted";
    legend.textContent = this.group.querySelector(`option[value="${group}"]`)?.textContent ?? group;
    const chips = document.createElement("div");
    chips.className = "chips";
    fieldset.append(legend, chips);
    need("[data-tag-groups]", this.part).append(fieldset);
    return chips;
  }

  private chip({ id, name, icon }: Made): HTMLLabelElement {
    const label = document.createElement("label");
    label.className = "chip";
    const input = document.createElement("input");
    Object.assign(input, { type: "checkbox", name: "tags", value: id, checked: true });
    const picture = need(`[name=tag_icon][value="${icon}"] ~ svg`, this.part).cloneNode(true);
    const words = document.createElement("span");
    words.textContent = name;
    label.append(input, picture, words);
    return label;
  }
}
