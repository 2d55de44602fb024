import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

const MODULES = "node_modules/";
const TEXTS = /^(licen[cs]e|copyrightnotice|notice)/i;
/** Fonts come in PatternFly's package, which does not have their licence. */
const FONT = /RedHat(Text|Display|Mono)/;
const FONT_LICENCE = "fonts-OFL.txt";

/** What packages have from elsewhere and do not say in their licences. */
const WITHIN: Record<string, string> = {
  "@patternfly/react-icons": "Most icons are those of Font Awesome Free 5 (https://fontawesome.com), under CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/).",
  "@patternfly/react-core": "It contains Popper (https://popper.js.org), copyright 2019 Federico Zivolo, under the MIT licence.",
};

/** Writes whose code and fonts are in what was built, with their licences, as those want it. */
export const licences: Plugin = {
  name: "writ-licences",
  generateBundle(_, bundle) {
    const parts = Object.values(bundle);
    const packages = new Set([...this.getModuleIds()].flatMap(packageOf));
    const fonts = parts.some(({ fileName }) => FONT.test(fileName));
    this.emitFile({
      type: "asset",
      fileName: "licences.txt",
      source: [
        "This page is part of Writ, under the Apache License 2.0. It contains what follows.",
        ...[...packages].sort().map(described),
        ...(fonts ? [`Red Hat Text, Red Hat Display, Red Hat Mono (OFL-1.1)\n\n${readFileSync(FONT_LICENCE, "utf8").trim()}`] : []),
      ].join(`\n\n${"=".repeat(80)}\n\n`),
    });
  },
};

/** `/x/node_modules/@patternfly/react-core/dist/…` is of `@patternfly/react-core`. */
function packageOf(module: string): string[] {
  const at = module.lastIndexOf(MODULES);
  const [first = "", second = ""] = module.slice(at + MODULES.length).split(/[/?]/);
  return at < 0 ? [] : [first.startsWith("@") ? `${first}/${second}` : first];
}

function described(name: string): string {
  const folder = join("node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string; license: string };
  const texts = readdirSync(folder).filter((file) => TEXTS.test(file));
  if (texts.length === 0) {
    throw new Error(`${name} comes without its licence (${license}): it cannot be shipped before that is added`);
  }
  return [`${name} ${version} (${license})`, ...(WITHIN[name] ? [WITHIN[name]] : []), ...texts.map((file) => readFileSync(join(folder, file), "utf8").trim())].join("\n\n");
}
