/** The capture page: from the shutter to the bars. */
import { hearAnswers } from "./answers";
import { takeByItself } from "./byitself";
import { hearFiles } from "./choosing";
import { clientId } from "./clientid";
import { need } from "./find";
import { markOf } from "./fragment";
import { isShutterKey } from "./keys";
import { Periodic } from "./periodic";
import { drawNothing, drawPhoto, looksLikePicture } from "./photo";
import { Preview } from "./preview";
import { Reading } from "./reading";
import { reason } from "./refusal";
import { SelfTimer } from "./selftimer";
import { grab, jpeg } from "./shutter";
import { Stage } from "./stage";
import { Ticker } from "./ticker";
import { deliver, Refusal, somethingUnsent, type Shot } from "./upload";
import { Voice } from "./voice";
import { word } from "./words";
import { hearOfWithdrawal } from "./withdrawal";
import { WorkerNote } from "./workernote";

const READY = matchMedia("(hover: none)").matches ? "ready_touch" : "ready";

class CapturePage {
  private readonly url: string;
  private readonly voice: Voice;
  private readonly stage: Stage;
  private readonly timer: SelfTimer;
  private readonly preview: Preview;
  private readonly reading: Reading;
  private readonly periodic: Periodic;
  private readonly shutter: HTMLButtonElement;
  private readonly again: HTMLButtonElement;
  private readonly file: HTMLInputElement;

  constructor(private readonly root: HTMLElement) {
    this.url = root.dataset["upload"] ?? "";
    this.shutter = need("[data-shutter]", root);
    this.again = need("[data-again]", root);
    this.file = need("[data-file]", root);
    this.voice = new Voice(root);
    this.stage = new Stage(need("[data-stage]", root));
    this.timer = new SelfTimer(root, this.stage);
    this.reading = new Reading(need("[data-reading]", root), this.voice);
    this.preview = new Preview(this.stage, need("[data-picker]", root), () => this.settle());
    this.periodic = this.startPeriodic(new Ticker(root.dataset["ticks"] ?? ""));
    this.listen();
    void this.preview.begin();
    void new WorkerNote(need("[data-worker-place]", root), root.dataset["workerUrl"] ?? "").watch();
  }

  private startPeriodic(ticker: Ticker): Periodic {
    const around = {
      url: this.url,
      ticker,
      lamp: (on: boolean) => (this.stage.lamp = on || this.preview.running),
      onNoConsent: () => this.withdraw(),
    };
    return new Periodic(need("[data-periodic]", this.root), ticker, (moment) => takeByItself(moment, around));
  }

  private listen(): void {
    this.shutter.addEventListener("click", () => void this.press());
    this.again.addEventListener("click", () => void this.takeAnother());
    this.root.addEventListener("click", ({ target }) => {
      const action = target instanceof Element ? target.closest<HTMLElement>("[data-do]")?.dataset["do"] : undefined;
      if (action === "start") void this.preview.start(true);
      if (action === "upload") this.file.click();
    });
    document.addEventListener("keydown", (event) => this.key(event));
    hearOfWithdrawal(() => this.withdraw());
    addEventListener("beforeunload", (event) => somethingUnsent() && event.preventDefault());
    hearFiles(this.file, this.stage, (file) => void this.takePhoto(file));
    hearAnswers(this.reading.panel, {
      onAnswered: (result) => {
        this.reading.answered(result);
        this.mark(result);
      },
      onDiscarded: () => void this.discarded(),
      onTrouble: () => this.voice.say(word("answer_failed")),
    });
  }

  private key(event: KeyboardEvent): void {
    if (event.key === "Escape" && this.timer.running) this.timer.stop();
    else if (event.key === "Escape" && this.stage.phase === "held") void this.takeAnother();
    else if (isShutterKey(event) && this.stage.phase === "live") {
      event.preventDefault();
      void this.press();
    }
  }

  /** The shutter: at once, or after the countdown; a press during the countdown stops it. */
  private async press(): Promise<void> {
    if (this.timer.running) return this.timer.stop();
    if (this.stage.phase !== "live") return;
    const taking = this.timer.run();
    if (this.timer.running) this.voice.say(word("counting"));
    if (await taking) return this.takeFrame();
    if (this.stage.phase === "live") this.voice.say(word("countdown_stopped"));
  }

  private async takeFrame(): Promise<void> {
    performance.mark("moodtide:shutter");
    const takenAt = new Date();
    if (!grab(this.stage.video, this.stage.frozen)) return this.voice.say(word("frame_lost"));
    const picture = jpeg(this.stage.frozen);
    this.hold("cover");
    await this.send({ picture: await picture, clientId: clientId(), takenAt, source: "camera" });
  }

  private async takePhoto(picture: File): Promise<void> {
    if (!looksLikePicture(picture)) return this.voice.say(word("not_a_picture"));
    this.timer.stop();
    performance.mark("moodtide:shutter");
    const takenAt = new Date();
    if (!(await drawPhoto(picture, this.stage.frozen))) drawNothing(this.stage.frozen);
    this.stage.mirrored = false;
    this.hold("contain");
    this.preview.rest();
    await this.send({ picture, clientId: clientId(), takenAt, source: "upload" });
  }

  /** Freeze the picture; the shutter makes room for "Take another". */
  private hold(fit: "cover" | "contain"): void {
    this.stage.hold(fit);
    this.preview.held();
    this.settle();
    this.reading.expect();
  }

  private async send(shot: Shot): Promise<void> {
    const turn = this.reading.turn;
    try {
      const kept = await deliver(this.url, shot, (seconds) => this.voice.say(word("unreachable", { seconds })));
      const result = await this.reading.follow(kept.result, turn);
      if (result) this.shown(result);
    } catch (error) {
      this.trouble(error, turn);
    }
  }

  private shown(result: HTMLElement): void {
    requestAnimationFrame(() => performance.mark("moodtide:mixture"));
    if (this.stage.phase !== "held") return;
    if (!this.stage.hasPicture) return this.voice.say(word("unseen"));
    this.voice.show(READY === "ready" ? word("held") : "");
    this.mark(result);
  }

  private mark(result: HTMLElement): void {
    const mark = markOf(result, this.stage.picture, this.stage.placing);
    if (mark) void this.stage.overlay.show(mark);
  }

  private trouble(error: unknown, turn: AbortSignal): void {
    if (!(error instanceof Refusal)) throw error;
    if (error.code === "no_consent") this.withdraw();
    // What another snapshot shows by now is not written over.
    if (turn.aborted) this.voice.say(reason(error));
    else this.reading.trouble(reason(error));
  }

  /** The consent is gone, perhaps in another tab: everything that looks stops at once. */
  private withdraw(): void {
    this.periodic.forbid();
    this.preview.stop();
  }

  private async discarded(): Promise<void> {
    await this.takeAnother();
    this.voice.say(word("discarded"));
  }

  private async takeAnother(): Promise<void> {
    const hadFocus = this.root.contains(document.activeElement);
    this.reading.clear();
    await this.preview.start(false);
    if (hadFocus && !this.shutter.disabled) this.shutter.focus({ preventScroll: true });
  }

  /** Bring the buttons and the words under the camera in line with the stage. */
  private settle(): void {
    const { phase } = this.stage;
    const hadFocus = document.activeElement === this.shutter;
    this.shutter.hidden = phase === "held";
    this.shutter.disabled = phase === "off";
    this.again.hidden = phase !== "held";
    if (phase === "held" && hadFocus) this.again.focus({ preventScroll: true });
    if (phase === "live") this.voice.say(word(READY));
    if (phase === "off") this.voice.whisper(this.stage.title);
    if (phase === "off") this.voice.show("");
  }
}

const root = document.querySelector<HTMLElement>("[data-capture]");
if (root) new CapturePage(root);
