import assert from "node:assert/strict";
import { test } from "node:test";
import { clientId } from "../src/clientid";
import { CameraFault, faultOf, obstacle } from "../src/faults";
import { pace } from "../src/pace";
import { backOff } from "../src/retry";

const named = (name) => Object.assign(new Error("no"), { name });

test("each way in which a camera can be missing has its own words", () => {
  assert.equal(faultOf(named("NotAllowedError")), "denied");
  assert.equal(faultOf(named("NotFoundError")), "none");
  assert.equal(faultOf(named("NotReadableError")), "busy");
  assert.equal(faultOf(named("SomethingNew")), "busy");
  assert.equal(faultOf(new CameraFault("lost")), "lost");
});

test("plain HTTP from another machine is told apart from an old browser", () => {
  const devices = { getUserMedia: () => undefined };
  assert.equal(obstacle(false, undefined), "insecure");
  assert.equal(obstacle(true, undefined), "unsupported");
  assert.equal(obstacle(true, devices), undefined);
});

test("a client id is a version 4 UUID, with and without the browser's own", () => {
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  const insecure = { getRandomValues: (bytes) => crypto.getRandomValues(bytes) };
  assert.match(clientId(), uuid);
  assert.match(clientId(insecure), uuid);
  assert.match(clientId({ getRandomValues: (bytes) => bytes.fill(255) }), uuid);
  assert.notEqual(clientId(insecure), clientId(insecure));
});

test("the result is looked for quickly at first, then calmly", () => {
  assert.deepEqual([0, 1_999, 2_000, 19_999, 20_000].map(pace), [60, 60, 1_000, 1_000, 3_000]);
});

test("tries lie ever further apart, up to half a minute", () => {
  assert.deepEqual([1, 2, 3, 4, 5, 6, 7, 99].map(backOff), [1, 2, 4, 8, 15, 30, 30, 30]);
});
