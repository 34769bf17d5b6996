import { token } from "./csrf";
import type { Draft } from "./drafts";

/** What came of sending a check-in. */
export type Kept =
  | { readonly how: "kept"; readonly revision: number }
  | { readonly how: "refused"; readonly code: string; readonly words: string }
  | { readonly how: "conflict"; readonly words: string; readonly revision: number | null }
  | { readonly how: "unreachable" };

/** Send one draft to the server. Never throws: a site that doesn't answer is an answer too. */
export async function keep(draft: Draft): Promise<Kept> {
  const body = new URLSearchParams(draft.fields.map(([name, value]) => [name, value]));
  body.set("csrfmiddlewaretoken", token());
  try {
    const answer = await fetch(draft.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
    // Signed out, or a server in trouble: the draft stays until it can be sent.
    if (answer.redirected || answer.status >= 500 || answer.status === 403) return { how: "unreachable" };
    return read(answer.status, await answer.json());
  } catch {
    return { how: "unreachable" };
  }
}

interface Answer {
  readonly revision?: number | null;
  readonly error?: { readonly code: string; readonly message: string };
}

function read(status: number, { revision = null, error }: Answer): Kept {
  if (status === 409) return { how: "conflict", words: error?.message ?? "", revision };
  if (error) return { how: "refused", code: error.code, words: error.message };
  return { how: "kept", revision: revision ?? 0 };
}
