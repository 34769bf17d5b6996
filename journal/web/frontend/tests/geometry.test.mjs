import assert from "node:assert/strict";
import { test } from "node:test";
import { parseBox, place } from "../src/geometry";

const box = { left: 0.2, top: 0.25, right: 0.4, bottom: 0.75 };
const rounded = (placed) => Object.values(placed).map(Math.round);

test("a box fills the view as the picture does", () => {
  const placed = place(box, { width: 1280, height: 720 }, { width: 640, height: 360 }, { fit: "cover", mirrored: false });
  assert.deepEqual(rounded(placed), [128, 256, 90, 270]);
});

test("a mirrored box changes sides and keeps its size", () => {
  const placed = place(box, { width: 1280, height: 720 }, { width: 640, height: 360 }, { fit: "cover", mirrored: true });
  assert.deepEqual(rounded(placed), [384, 512, 90, 270]);
});

test("what the view crops moves the box", () => {
  // 16:9 in a square: the sides are cut, 280 px in all at this scale.
  const placed = place(box, { width: 1280, height: 720 }, { width: 360, height: 360 }, { fit: "cover", mirrored: false });
  assert.deepEqual(rounded(placed), [-12, 116, 90, 270]);
});

test("a picture shown whole leaves room around it", () => {
  const placed = place(box, { width: 600, height: 800 }, { width: 800, height: 400 }, { fit: "contain", mirrored: false });
  assert.deepEqual(rounded(placed), [310, 370, 100, 300]);
});

test("only four shares that span something are a box", () => {
  assert.deepEqual(parseBox("0.2,0.25,0.4,0.75"), box);
  for (const text of ["", "1,2,3", "a,b,c,d", "0.4,0.2,0.2,0.5", "0,0,1,1,1"]) assert.equal(parseBox(text), undefined);
});
