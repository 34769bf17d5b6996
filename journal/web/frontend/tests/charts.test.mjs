import assert from "node:assert/strict";
import { test } from "node:test";
import { moment, withGaps } from "../src/charts/data.ts";
import { ticks } from "../src/charts/dates.ts";

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

const at = (text) => moment(text);
const texts = (from, to, room, finest = "day") => ticks(at(from), at(to), room, finest, "en-GB").map(({ text }) => text);

test("a year has months, and says which year where it begins", () => {
  assert.deepEqual(texts("2025-11-21", "2026-11-20", 8), ["Jan\n2026", "Mar", "May", "Jul", "Sept", "Nov"]);
});

test("three years still have months", () => {
  assert.deepEqual(texts("2023-11-21", "2026-11-20", 8), ["Jan\n2024", "Jul", "Jan\n2025", "Jul", "Jan\n2026", "Jul"]);
});

test("ten years have years", () => {
  assert.deepEqual(texts("2016-11-21", "2026-11-20", 10), ["2017", "2018", "2019", "2020", "2021", "2022", "2023", "2024", "2025", "2026"]);
  assert.deepEqual(texts("2016-11-21", "2026-11-20", 3), ["2020", "2025"]);
});

test("weeks begin on Monday, hours say their day", () => {
  assert.deepEqual(texts("2026-08-22", "2026-11-20", 4), ["Sept\n2026", "Oct", "Nov"]);
  assert.deepEqual(texts("2026-10-21", "2026-11-20", 5), ["26 Oct\n2026", "2 Nov", "9 Nov", "16 Nov"]);
  assert.deepEqual(texts("2026-11-19T09:00", "2026-11-20T22:00", 4, "hour"), ["12:00\n19 Nov", "00:00\n20 Nov", "12:00"]);
});

test("there are never more labels than room for them and one, and one moment has one", () => {
  for (const days of [1, 3, 20, 90, 400, 1500, 4000, 20000])
    for (const room of [2, 4, 9]) {
      const found = ticks(at("2026-11-20") - days * 86_400_000, at("2026-11-20"), room, "day", "en");
      assert.ok(found.length <= room + 1 && found.length > 0, `${days} ${room} ${found.length}`);
    }
  assert.deepEqual(texts("2026-11-20", "2026-11-20", 5), ["20 Nov\n2026"]);
});
