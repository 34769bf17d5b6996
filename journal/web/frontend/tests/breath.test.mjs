import assert from "node:assert/strict";
import { test } from "node:test";
import { at, clock, WHOLE } from "../src/breath.ts";

test("it takes two minutes", () => {
  assert.equal(WHOLE, 120);
  assert.equal(at(119.9).phase, "out");
  assert.equal(at(120).phase, "done");
});

test("the tide rises for four seconds and falls for six", () => {
  assert.deepEqual([0, 3.9, 4, 9.9, 10].map((second) => at(second).phase), ["in", "in", "out", "out", "in"]);
  assert.ok(at(4).size > 0.99);
  assert.ok(at(9.99).size < 0.41);
  for (let second = 0; second < 119; second += 0.05) assert.ok(Math.abs(at(second + 0.05).size - at(second).size) < 0.03);
});

test("it counts down within each breath", () => {
  assert.deepEqual([0, 1.5, 3.5, 4, 9.5].map((second) => at(second).count), [4, 3, 1, 6, 1]);
});

test("what is left reads like a clock", () => {
  assert.equal(clock(120), "2:00");
  assert.equal(clock(64.2), "1:05");
});
