// Compiles the style sheet and copies the font files that pages and letters use into static/build,
// with the icons that the style sheet names.
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const build = join(root, "static", "build");
const fonts = join(root, "node_modules", "@fontsource", "atkinson-hyperlegible");
const images = join(root, "node_modules", "nhsuk-frontend", "dist", "nhsuk", "assets", "images");
const files = ["latin", "latin-ext"].flatMap((subset) =>
  ["400-normal", "400-italic", "700-normal"].map((style) => `atkinson-hyperlegible-${subset}-${style}.woff2`),
);

rmSync(build, { recursive: true, force: true });
mkdirSync(join(build, "fonts"), { recursive: true });
mkdirSync(join(build, "images"));
const compiled = sass.compile(join(root, "static", "src", "kapnet.scss"), {
  loadPaths: [join(root, "node_modules", "nhsuk-frontend", "dist"), join(root, "static", "src")],
  style: "compressed",
  quietDeps: true,
});
writeFileSync(join(build, "kapnet.css"), compiled.css);
for (const file of files) copyFileSync(join(fonts, "files", file), join(build, "fonts", file));
copyFileSync(join(fonts, "LICENSE"), join(build, "fonts", "LICENSE"));
const named = new Set([...compiled.css.matchAll(/url\("images\/([^"]+)"\)/g)].map((found) => found[1]));
for (const file of named) copyFileSync(join(images, file), join(build, "images", file));
