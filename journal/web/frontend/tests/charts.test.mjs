import assert from "node:assert/strict";
import { test } from "node:test";
import { moment, withGaps } from "../src/charts/data.ts";

const packed = (at, grain = "day") => ({ grain, scale: 1000, at, mixture: [], valence: [], said: [], smooth: [], usual: null, low: [], switches: [] });

test("days that follow each other are one line", () => {
  const places = withGaps(packed(["2026-11-01", "2026-11-02"]), [500, -250]);
  assert.deepEqual(places.map(([, value]) => value), [0.5, -0.25]);
});

test("a missing day breaks the line", () => {
  const places = withGaps(packed(["2026-11-01", "2026-11-03"]), [500, 600]);
  assert.deepEqual(places.map(([, value]) => value), [0.5, null, 0.6]);
});

test("a mean of seven days runs on over a missing day and breaks after eight", () => {
  const column = [500, 600];
  assert.equal(withGaps(packed(["2026-11-01", "2026-11-03"]), column, 7).length, 2);
  assert.equal(withGaps(packed(["2026-11-01", "2026-11-10"]), column, 7).length, 3);
});

test("a step without a value is left out", () => {
  assert.equal(withGaps(packed(["2026-11-01", "2026-11-02"]), [null, 600]).length, 1);
});

test("a local time is drawn as it stands, whatever zone the browser is in", () => {
  assert.equal(moment("2026-11-01T09:30"), Date.UTC(2026, 10, 1, 9, 30));
  assert.equal(moment("2026-11-01"), Date.UTC(2026, 10, 1));
});
