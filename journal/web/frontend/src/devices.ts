import { word } from "./words";

const KEY = "moodtide:camera";

/** The camera chosen last on this device. Storage may be forbidden; then nothing is remembered. */
export function rememberedCamera(): string {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

export function rememberCamera(deviceId: string): void {
  try {
    localStorage.setItem(KEY, deviceId);
  } catch {
    return;
  }
}

/** Whether the camera may be opened without asking the person. */
export async function alreadyAllowed(): Promise<boolean> {
  try {
    const status = await navigator.permissions.query({ name: "camera" as PermissionName });
    return status.state === "granted";
  } catch {
    return false; // this browser doesn't tell, so the person presses the button
  }
}

/** Offer the cameras of this device, and hide the question where there is only one. */
export async function offerCameras(field: HTMLElement, select: HTMLSelectElement, current: string): Promise<void> {
  const devices = await navigator.mediaDevices.enumerateDevices();
  const cameras = devices.filter((device) => device.kind === "videoinput");
  select.replaceChildren(
    ...cameras.map((camera, index) => {
      const name = camera.label || word("camera", { number: index + 1 });
      return new Option(name, camera.deviceId, false, camera.deviceId === current);
    }),
  );
  field.hidden = cameras.length < 2;
}
