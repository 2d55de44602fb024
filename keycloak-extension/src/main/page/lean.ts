import type { Root } from "postcss";

/** The upright ones of PatternFly's fonts; no icon font: the icons are SVG. */
const FONTS = /RedHat(Text-(Regular|Medium)|Display-(Medium|Bold)|Mono-Regular)\.woff2/;

/** Modifiers that this page does not use: other breakpoints than its own, and variants of tables. */
const UNUSED = [
  /\.pf-m-(?!display-)[a-z0-9-]+-on-(sm|md|lg|xl|2xl)\b/,
  /\.pf-m-grid(-lg|-xl|-2xl)?(?![a-z-])/,
  /\.pf-m-tree-view/,
  /\.pf-v5-c-table__(toggle|compound|sort|draggable|favorite|column-help|nested|control)/,
  /\.pf-v5-c-table.*\.pf-m-(expandable|sticky|striped|favorite|nested|no-border-rows|truncate|center|wrap|breakpoint|width)/,
  /\.pf-v5-c-(dropdown|drawer|nav|chip)(?![a-z])/,
  /\.pf-v5-c-(dropdown|drawer|nav|chip)__/,
  /\.pf-v5-theme-(?!dark)/,
];

/**
 * A PostCSS plugin that leaves out what the page never shows, so that the CSS stays small. Done in
 * one go before Vite looks for files: fonts that are left out are not copied.
 */
export const lean = {
  postcssPlugin: "writ-lean",
  Once(root: Root) {
    root.walkAtRules("font-face", (face) => {
      if (!FONTS.test(face.toString())) {
        face.remove();
      }
    });
    root.walkRules((rule) => {
      const used = rule.selectors.filter((selector) => !UNUSED.some((unused) => unused.test(selector)));
      if (used.length === 0) {
        rule.remove();
      } else if (used.length < rule.selectors.length) {
        rule.selectors = used;
      }
    });
  },
};
