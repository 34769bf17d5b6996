import type { Refusal } from "./upload";
import { word } from "./words";

const OWN_WORDS = ["signed_out", "stale", "gone"];

/** The site's own words for a refusal, or the page's where the site had none. */
export function reason({ code, message }: Refusal): string {
  return message || word(OWN_WORDS.includes(code) ? code : "failed");
}
