/** Shows what the site sends while no page of it is open. It keeps nothing and stands between no page and the site. */
import { fields } from "./subscription";

const worker = self as unknown as ServiceWorkerGlobalScope;

interface Note {
  readonly title: string;
  readonly body: string;
  readonly url: string;
  readonly tag: string;
}

// What is shown where a message can't be read: browsers want every message to be seen.
const NEUTRAL: Note = { title: "Moodtide", body: "Moodtide has a note for you", url: "/", tag: "note" };

worker.addEventListener("install", () => void worker.skipWaiting());

worker.addEventListener("push", (event) => event.waitUntil(show(read(event.data))));

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(worker.clients.openWindow(pageOf(event.notification.data)));
});

// A browser may replace its subscription at any time; whoever knows the old one may name the new one.
worker.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event as PushSubscriptionChangeEvent)));

async function renew({ oldSubscription, newSubscription }: PushSubscriptionChangeEvent): Promise<void> {
  if (!oldSubscription) return;
  const fresh = newSubscription ?? (await worker.registration.pushManager.subscribe(oldSubscription.options));
  const body = new URLSearchParams({ old: oldSubscription.endpoint, ...fields(fresh) });
  await fetch("/settings/reminders/browsers/renew", { method: "POST", body, credentials: "omit" });
}

function read(data: PushMessageData | null): Note {
  try {
    return { ...NEUTRAL, ...(data?.json() as Partial<Note>) };
  } catch {
    return NEUTRAL;
  }
}

async function show({ title, body, url, tag }: Note): Promise<void> {
  // The same message, should it come twice, takes the place of itself.
  await worker.registration.showNotification(title, { body, tag, data: url, icon: "/static/web/icon-192.png" });
}

/** The page to open: one of this site, whatever the message says. */
function pageOf(data: unknown): string {
  const page = new URL(String(data), worker.location.origin);
  return page.origin === worker.location.origin ? page.href : worker.location.origin;
}
