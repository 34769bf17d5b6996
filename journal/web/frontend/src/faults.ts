/** Why there is no camera, in the words that the page has a panel for. */
export type Fault = "denied" | "none" | "busy" | "lost" | "insecure" | "unsupported";

const BY_NAME: Record<string, Fault> = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "none",
  OverconstrainedError: "none",
  NotReadableError: "busy",
  AbortError: "busy",
};

/** The fault behind what `getUserMedia` threw. */
export function faultOf(error: unknown): Fault {
  if (error instanceof CameraFault) return error.fault;
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  return BY_NAME[name] ?? "busy";
}

/** What stands in the way before the browser is even asked; undefined if nothing does. */
export function obstacle(secure: boolean, devices: MediaDevices | undefined): Fault | undefined {
  if (devices?.getUserMedia) return undefined;
  return secure ? "unsupported" : "insecure";
}

export class CameraFault extends Error {
  constructor(readonly fault: Fault) {
    super(fault);
  }
}
