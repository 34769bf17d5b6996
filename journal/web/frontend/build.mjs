/** Bundles and minifies what the pages load. `--watch` builds again upon each change. */
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const outdir = fileURLToPath(new URL("../static/web/build/", import.meta.url));

/** @type {import("esbuild").BuildOptions} */
const options = {
  absWorkingDir: here,
  entryPoints: ["src/app.ts", "src/capture.ts", "src/snapshot.ts", "src/checkin.ts", "src/history.ts", "src/downswing.ts", "src/day.ts", "src/ticks.ts", "src/reminders.ts", "src/service-worker.ts", "src/app.css", "src/admin.css"],
  outdir,
  bundle: true,
  minify: true,
  format: "iife",
  charset: "utf8",
  // No source maps: the site's policy forbids inline ones, and the hashed names would break the others.
  target: ["chrome109", "edge109", "firefox115", "safari16.4"],
  logLevel: "warning",
};

if (process.argv.includes("--watch")) {
  const context = await esbuild.context({ ...options, logLevel: "info" });
  await context.watch();
} else {
  await rm(outdir, { recursive: true, force: true });
  await esbuild.build(options);
}
