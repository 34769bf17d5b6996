import { clientId } from "./clientid";
import { Drafts, fieldsOf, fill, type Draft } from "./drafts";
import { need } from "./find";
import { keep, type Kept } from "./keeping";
import { backOff, pause } from "./retry";

/** How long the person must be still before what they wrote is sent. */
const STILL = 800;

/** Keeps a check-in while it is being written: in the browser at once, on the server a moment later. */
export class Autosave {
  private readonly state: HTMLElement;
  private readonly conflict: HTMLElement;
  private readonly revision: HTMLInputElement;
  private readonly throwAway: HTMLButtonElement;
  private readonly drafts: Drafts;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private sending: Promise<boolean> | undefined;
  private changes = 0;
  private tries = 0;
  private theirs: number | null = null;

  constructor(private readonly form: HTMLFormElement) {
    this.state = need("[data-state]", form);
    this.conflict = need("[data-conflict]", form);
    this.revision = need("[name=revision]", form);
    this.throwAway = need("[data-throw-away]", form);
    this.throwAway.hidden = this.revision.value === "0";
    this.throwAway.addEventListener("click", () => this.leave());
    this.drafts = new Drafts(form.dataset["person"] ?? "");
    need("[data-keep-mine]", form).addEventListener("click", () => this.keepMine());
    need("[data-show-theirs]", form).addEventListener("click", () => this.showTheirs());
  }

  /** Take up what this browser still has from before. */
  takeUp(): boolean {
    const drafts = this.drafts.all();
    const isNew = this.form.dataset["new"] === "yes";
    const mine = drafts.find(({ pk }) => pk === this.pk) ?? (isNew ? drafts.find(({ fresh }) => fresh) : undefined);
    for (const other of drafts) if (other !== mine && !other.fresh) void this.sendOther(other);
    if (!mine) return false;
    this.form.dataset["checkin"] = mine.pk;
    this.form.action = mine.action;
    fill(this.form, mine.fields);
    return true;
  }

  /** The person changed something. */
  changed(): void {
    this.changes++;
    this.drafts.put(this.draft());
    clearTimeout(this.timer);
    if (this.conflict.hidden) this.timer = setTimeout(() => void this.flush(), STILL);
  }

  /** Send what there is; true once the server has everything. */
  async flush(): Promise<boolean> {
    clearTimeout(this.timer);
    if (this.sending) await this.sending;
    this.sending = this.send();
    const done = await this.sending;
    this.sending = undefined;
    return done;
  }

  private get pk(): string {
    return this.form.dataset["checkin"] ?? "";
  }

  private draft(): Draft {
    const fields = fieldsOf(this.form);
    return { pk: this.pk, action: this.form.action, fields, fresh: this.revision.value === "0" };
  }

  private async send(): Promise<boolean> {
    const before = this.changes;
    this.say(this.state.dataset["waiting"] ?? "");
    const kept = await keep(this.draft());
    if (kept.how === "kept") return this.kept(kept.revision, before);
    if (kept.how === "unreachable") this.tryAgain();
    else this.trouble(kept);
    return false;
  }

  private kept(revision: number, before: number): boolean {
    this.tries = 0;
    this.revision.value = String(revision);
    this.throwAway.hidden = revision === 0;
    // What was typed while it was on its way goes with the next one.
    if (before !== this.changes) this.drafts.put(this.draft());
    else this.drafts.remove(this.pk);
    this.say((revision ? this.state.dataset["kept"] : this.state.dataset["nothing"]) ?? "");
    return before === this.changes;
  }

  private trouble(kept: Exclude<Kept, { how: "kept" | "unreachable" }>): void {
    if (kept.how === "refused") {
      if (kept.code === "empty") this.drafts.remove(this.pk);
      return this.say(kept.words);
    }
    this.theirs = kept.revision;
    this.say("");
    need("[data-conflict-words]", this.conflict).textContent = kept.words;
    need("[data-show-theirs]", this.conflict).hidden = kept.revision === null;
    this.conflict.hidden = false;
    need("[data-keep-mine]", this.conflict).focus();
  }

  private tryAgain(): void {
    this.say(this.state.dataset["offline"] ?? "");
    const changes = this.changes;
    void pause(backOff(++this.tries)).then(() => changes === this.changes && !this.sending && this.flush());
  }

  private keepMine(): void {
    this.conflict.hidden = true;
    if (this.theirs === null) this.becomeNew();
    this.revision.value = String(this.theirs ?? 0);
    this.changed();
    void this.flush();
  }

  /** Delete what is kept; the next page offers to undo it. */
  private leave(): void {
    clearTimeout(this.timer);
    this.drafts.remove(this.pk);
    const form = document.createElement("form");
    form.method = "post";
    form.action = `${this.form.action}/delete`;
    form.append(need("[name=csrfmiddlewaretoken]", this.form).cloneNode());
    document.body.append(form);
    form.submit();
  }

  private showTheirs(): void {
    this.drafts.remove(this.pk);
    location.reload();
  }

  /** The entry was deleted elsewhere: what stands here becomes one of its own. */
  private becomeNew(): void {
    this.drafts.remove(this.pk);
    const pk = clientId();
    this.form.action = this.form.action.replace(this.pk, pk);
    this.form.dataset["checkin"] = pk;
  }

  private async sendOther(draft: Draft): Promise<void> {
    if ((await keep(draft)).how === "kept") this.drafts.remove(draft.pk);
  }

  private say(words: string): void {
    if (this.state.textContent !== words) this.state.textContent = words;
  }
}
