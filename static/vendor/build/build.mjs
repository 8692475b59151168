// Writes ../plotly.min.js, ../plotly.css, ../sortable.min.js, ../inter.woff2, ../inter-more.woff2, ../licences/ and ../manifest.json.
// The same inputs give the same bytes; see README.md beside this file.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.env.VENDOR_OUT || join(here, "..");
const modules = join(here, "node_modules");
const version = (name) => JSON.parse(readFileSync(join(modules, name, "package.json"))).version;
mkdirSync(join(out, "licences"), { recursive: true });

// Plotly looks for `global`; maplibre's style sheet comes along unasked and is thrown away.
const js = join(out, "plotly.min.js");
await build({
  entryPoints: [join(here, "entry.cjs")], outfile: js, bundle: true, minify: true, format: "iife",
  globalName: "Plotly", define: { global: "window" }, platform: "browser", target: "es2020",
  legalComments: "none", charset: "ascii", loader: { ".css": "empty" },
});
const banner = `/*! plotly.js ${version("plotly.js")}, MIT, own bundle: scatter, bar, heatmap, sankey */\n`;
writeFileSync(js, banner + readFileSync(js, "utf8"));
copyFileSync(join(modules, "plotly.js/dist/plotly.css"), join(out, "plotly.css"));
copyFileSync(join(modules, "plotly.js/LICENSE"), join(out, "licences/plotly.js.txt"));

copyFileSync(join(modules, "sortablejs/Sortable.min.js"), join(out, "sortable.min.js"));
copyFileSync(join(modules, "sortablejs/LICENSE"), join(out, "licences/sortablejs.txt"));

// Inter: the weights and characters of our screens; anything else falls to the system's font.
const inter = join(modules, "@fontsource-variable/inter");
const instance = join(here, "inter.tmp.ttf");
// What our own words need comes first; the rest waits until a page shows a character of it. The
// same lists stand in css/tokens.css.
const own = [
  "U+20-7E", "U+A0", "U+B7", "U+D7", "U+2013-2014", "U+2018-2019", "U+201C-201D", "U+2022", "U+2026",
  "U+202F", "U+2190-2193", "U+21B5", "U+2212", "U+2260", "U+2264-2265",
].join(",");
const more = [
  "U+A1-B6", "U+B8-D6", "U+D8-FF", "U+131", "U+152-153", "U+201A", "U+201E", "U+2020", "U+2030",
  "U+2039-203A", "U+20AC", "U+2122", "U+2248",
].join(",");
const python = process.env.FONTTOOLS_PYTHON || "python3";
const env = { ...process.env, SOURCE_DATE_EPOCH: "0" };
const run = (...args) => execFileSync(python, ["-m", ...args], { env, stdio: ["ignore", "ignore", "inherit"] });
run("fontTools.varLib.instancer", "--quiet", join(inter, "files/inter-latin-wght-normal.woff2"),
  "wght=400:650", "--no-recalc-timestamp", "-o", instance);
for (const [file, codes] of [["inter.woff2", own], ["inter-more.woff2", more]]) {
  run("fontTools.subset", instance, `--unicodes=${codes}`, "--layout-features=kern,ccmp,locl,mark,tnum",
    "--flavor=woff2", "--no-hinting", "--no-recalc-timestamp", `--output-file=${join(out, file)}`);
}
rmSync(instance);
copyFileSync(join(inter, "LICENSE"), join(out, "licences/inter.txt"));

const entry = (file, name, licence) => ({
  file, package: name, version: version(name), licence,
  sha256: createHash("sha256").update(readFileSync(join(out, file))).digest("hex"),
});
const manifest = [
  entry("plotly.min.js", "plotly.js", "MIT"),
  entry("plotly.css", "plotly.js", "MIT"),
  entry("inter.woff2", "@fontsource-variable/inter", "OFL-1.1"),
  entry("inter-more.woff2", "@fontsource-variable/inter", "OFL-1.1"),
  entry("sortable.min.js", "sortablejs", "MIT"),
];
writeFileSync(join(out, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
