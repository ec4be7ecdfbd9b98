// Compiles the style sheet and copies the scripts into the folder named on the command line.
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "..", "..", "node_modules");
const system = join(modules, "govuk-frontend", "dist");
const target = process.argv[2];

const { css } = compile(join(here, "registry.scss"), {
  loadPaths: [system],
  style: "compressed",
  quietDeps: true,
});
const foreign = ["GDS Transport", "crest", "crown"].filter((mark) => css.includes(mark));
if (foreign.length) {
  throw new Error(`The style sheet carries marks that are not ours: ${foreign.join(", ")}`);
}

await mkdir(target, { recursive: true });
await writeFile(join(target, "registry.css"), css);
await copyFile(join(here, "registry.mjs"), join(target, "registry.mjs"));
await copyFile(join(here, "favicon.svg"), join(target, "favicon.svg"));

// The source map is not served, so the line that points to it would be a broken reference.
const script = await readFile(join(system, "govuk", "govuk-frontend.min.js"), "utf8");
await writeFile(
  join(target, "govuk-frontend.min.js"),
  script.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n"),
);
