import { defineConfig } from "vite";
import { lean } from "./lean";
import { licences } from "./licences";

/** One page with relative addresses: it is served below /realms/{realm}/writ/ of any server. */
export default defineConfig({
  base: "./",
  esbuild: { jsx: "automatic", legalComments: "none" },
  plugins: [licences],
  css: { postcss: { plugins: [lean] } },
  build: {
    target: "es2022",
    // Fonts and icons stay files: the page's content security policy is "self".
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
});
