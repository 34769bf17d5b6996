import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  begin, clampMinutes, clockText, pause, remaining, resume, retime, tick, TOO_LATE, UNATTENDED,
} from "../src/schedule";

const MINUTE = 60_000;
const NOON = Date.UTC(2026, 10, 21, 12);

/** Let the clock run second by second and note when something is to be done. */
function run(schedule, from, to, step = 1_000) {
  const events = [];
  for (let now = from; now <= to; now += step) {
    const { schedule: next, verdict } = tick(schedule, now);
    schedule = next;
    if (verdict !== "wait") events.push([verdict, (now - from) / MINUTE]);
  }
  return { schedule, events };
}

describe("a running schedule", () => {
  test("shoots once an interval, the first time after one interval", () => {
    const { events } = run(begin(NOON, 30), NOON, NOON + 95 * MINUTE);
    assert.deepEqual(events, [["shoot", 30], ["shoot", 60], ["shoot", 90]]);
  });

  test("keeps step when ticks come late", () => {
    const { events } = run(begin(NOON, 10), NOON, NOON + 40 * MINUTE, 47_000);
    assert.equal(events.filter(([verdict]) => verdict === "shoot").length, 3);
    const { schedule } = tick(begin(NOON, 10), NOON + 10 * MINUTE + 40_000);
    assert.equal(schedule.due, NOON + 20 * MINUTE);
  });

  test("still shoots when it is late by no more than the limit", () => {
    assert.equal(tick(begin(NOON, 10), NOON + 10 * MINUTE + TOO_LATE).verdict, "shoot");
    assert.equal(tick(begin(NOON, 10), NOON + 10 * MINUTE + TOO_LATE + 1).verdict, "skip");
  });

  test("leaves out what was missed in sleep, and never makes up for it in a burst", () => {
    const woke = NOON + 57 * MINUTE;
    const { schedule, verdict } = tick(begin(NOON, 10), woke);
    assert.equal(verdict, "skip");
    assert.equal(schedule.due, NOON + 60 * MINUTE);
    assert.deepEqual(run(schedule, woke, woke + 14 * MINUTE).events, [["shoot", 3], ["shoot", 13]]);
  });

  test("is never further from its next shot than one interval when the clock is set back", () => {
    const { schedule, verdict } = tick(begin(NOON, 10), NOON - 180 * MINUTE);
    assert.equal(verdict, "wait");
    assert.equal(schedule.due, NOON - 170 * MINUTE);
  });
});

describe("two hours without the person", () => {
  test("ask once and shoot no more", () => {
    const { schedule, events } = run(begin(NOON, 50), NOON, NOON + 5 * UNATTENDED);
    assert.deepEqual(events, [["shoot", 50], ["shoot", 100], ["ask", 120]]);
    assert.equal(schedule.state, "asking");
  });

  test("ask after a long sleep too, instead of skipping", () => {
    assert.equal(tick(begin(NOON, 10), NOON + UNATTENDED + MINUTE).verdict, "ask");
  });

  test("begin anew once the person goes on", () => {
    const { schedule } = run(begin(NOON, 50), NOON, NOON + UNATTENDED);
    const back = NOON + 9 * UNATTENDED;
    const { events } = run(resume(schedule, back), back, back + 35 * MINUTE);
    assert.deepEqual(events, [["shoot", 30]]);
  });

  test("never shoot in the moment that the person goes on", () => {
    const { schedule } = run(begin(NOON, 60), NOON, NOON + UNATTENDED);
    assert.equal(schedule.state, "asking");
    const back = NOON + 3 * UNATTENDED;
    assert.equal(tick(resume(schedule, back), back).verdict, "wait");
  });
});

describe("pause and resume", () => {
  test("keep what was left", () => {
    const paused = pause(begin(NOON, 30), NOON + 10 * MINUTE);
    assert.equal(remaining(paused, NOON + 500 * MINUTE), 20 * MINUTE);
    assert.equal(tick(paused, NOON + 500 * MINUTE).verdict, "wait");
    const later = NOON + 600 * MINUTE;
    const { events } = run(resume(paused, later), later, later + 25 * MINUTE);
    assert.deepEqual(events, [["shoot", 20]]);
  });

  test("change nothing where there is nothing to change", () => {
    const running = begin(NOON, 30);
    assert.equal(resume(running, NOON + MINUTE), running);
    const paused = pause(running, NOON + MINUTE);
    assert.equal(pause(paused, NOON + 9 * MINUTE), paused);
  });
});

describe("another interval", () => {
  test("counts from now", () => {
    const schedule = retime(begin(NOON, 240), NOON + 100 * MINUTE, 5);
    assert.equal(remaining(schedule, NOON + 100 * MINUTE), 5 * MINUTE);
  });

  test("stays paused when it was paused", () => {
    const schedule = retime(pause(begin(NOON, 30), NOON), NOON, 60);
    assert.equal(schedule.state, "paused");
    assert.equal(remaining(schedule, NOON), 60 * MINUTE);
  });

  test("keeps within its bounds", () => {
    assert.equal(clampMinutes(1, 30), 5);
    assert.equal(clampMinutes(999, 30), 240);
    assert.equal(clampMinutes(12.4, 30), 12);
    assert.equal(clampMinutes(Number.NaN, 45), 45);
  });
});

test("the clock rounds up, so that 0:00 means now", () => {
  assert.equal(clockText(0), "0:00");
  assert.equal(clockText(1), "0:01");
  assert.equal(clockText(9 * MINUTE + 4_500), "9:05");
  assert.equal(clockText(60 * MINUTE), "1:00:00");
  assert.equal(clockText(3 * 60 * MINUTE + 59_001), "3:01:00");
});
