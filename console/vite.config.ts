/// <reference types="vitest/config" />
import { readdirSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";

/** Where the service finds the built console. */
const BUILT = "../service/http/console";

/** Tells the service which addresses are pages: one folder below src/pages, one address. */
function pages(): Plugin {
  return {
    name: "wutong-pages",
    generateBundle() {
      const names = readdirSync("src/pages", { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => entry.name)
        .sort();
      this.emitFile({ type: "asset", fileName: "pages.json", source: `${JSON.stringify(names)}\n` });
    },
  };
}

export default defineConfig({
  plugins: [pages()],
  build: {
    outDir: process.env.WUTONG_CONSOLE_OUT ?? BUILT,
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  css: { modules: { generateScopedName: "[name]-[local]-[hash:base64:4]" } },
  server: { proxy: { "/api": { target: process.env.WUTONG_HTTP ?? "http://127.0.0.1:8080" } } },
  // A test that hangs ends. How fast a busy machine is says nothing of the code. Files share their modules, which takes a
  // third of the time: whoever changes the state of one, as the time zone, changes it back.
  test: { include: ["src/**/*.test.{ts,tsx}"], pool: "threads", isolate: false, css: true, testTimeout: 60_000 },
});
