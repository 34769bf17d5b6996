import { token } from "./csrf";
import { backOff, pause } from "./retry";
import { zone } from "./zone";

export interface Shot {
  readonly picture: Blob;
  readonly clientId: string;
  readonly takenAt: Date;
  readonly source: "camera" | "periodic" | "upload";
}

/** Where a snapshot that the site took in can be found. */
export interface Kept {
  readonly id: string;
  readonly page: string;
  readonly result: string;
}

/** The site answered, and the answer is no. `code` is the site's, or "signed_out", "stale", "failed". */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    message = "",
  ) {
    super(message);
  }
}

const PATIENCE = 30_000;
let unsent = 0;

/** Whether a snapshot would be lost if this page closed now. */
export function somethingUnsent(): boolean {
  return unsent > 0;
}

/**
 * Send a snapshot until the site has it. Nothing reached or a site in trouble: tried again with the same client id,
 * so that it can't count twice. Throws `Refusal` when the site says no.
 */
export async function deliver(url: string, shot: Shot, onDelay: (seconds: number) => void): Promise<Kept> {
  unsent++;
  try {
    for (let tries = 1; ; tries++) {
      const answer = await attempt(url, shot);
      if (answer) return await understand(answer);
      const seconds = backOff(tries);
      onDelay(seconds);
      await pause(seconds);
    }
  } finally {
    unsent--;
  }
}

/** One try; undefined if it is worth another. */
async function attempt(url: string, shot: Shot): Promise<Response | undefined> {
  try {
    const answer = await fetch(url, {
      method: "POST",
      body: form(shot),
      headers: { "X-CSRFToken": token(), "X-Requested-With": "fetch", Accept: "application/json" },
      signal: AbortSignal.timeout(PATIENCE),
    });
    return answer.status >= 500 || answer.status === 429 ? undefined : answer;
  } catch {
    return undefined;
  }
}

function form(shot: Shot): FormData {
  const data = new FormData();
  data.set("picture", shot.picture, shot.picture instanceof File ? shot.picture.name : "snapshot.jpg");
  data.set("client_id", shot.clientId);
  data.set("taken_at", shot.takenAt.toISOString());
  data.set("zone", zone());
  data.set("source", shot.source);
  return data;
}

async function understand(answer: Response): Promise<Kept> {
  const json = answer.headers.get("Content-Type")?.includes("json") ?? false;
  // A page instead of JSON: the sign-in page after a redirect, or Django's word that the form is out of date.
  if (!json) throw new Refusal(answer.redirected ? "signed_out" : answer.status === 403 ? "stale" : "failed");
  const body = (await answer.json()) as Kept & { error?: { code: string; message: string } };
  if (body.error) throw new Refusal(body.error.code, body.error.message);
  return body;
}
