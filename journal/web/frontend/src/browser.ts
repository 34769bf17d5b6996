/** This browser's own side of notifications: what it can do, and its subscription. */
import { toText } from "./subscription";

const SCRIPT = "/service-worker.js";

export type Ability = "able" | "insecure" | "unable" | "denied";

export function ability(): Ability {
  if (!isSecureContext) return "insecure";
  if (!("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) return "unable";
  return Notification.permission === "denied" ? "denied" : "able";
}

/** The subscription that this browser has, if any. */
export async function current(): Promise<PushSubscription | undefined> {
  const registration = await navigator.serviceWorker?.getRegistration("/");
  return (await registration?.pushManager.getSubscription()) ?? undefined;
}

/** Ask the person, then the browser's maker; undefined where the person said no. */
export async function subscribe(key: string): Promise<PushSubscription | undefined> {
  if ((await Notification.requestPermission()) !== "granted") return undefined;
  const old = await current();
  // One that was made for another key of this site can't be written to any more.
  if (old && toText(old.options.applicationServerKey) !== key) await old.unsubscribe();
  await navigator.serviceWorker.register(SCRIPT);
  const { pushManager } = await navigator.serviceWorker.ready;
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

/** By which the page knows its own browser in the list. */
export async function fingerprint({ endpoint }: PushSubscription): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(endpoint)));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
