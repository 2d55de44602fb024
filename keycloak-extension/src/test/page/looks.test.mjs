import { after, test } from "node:test";
import { Realm } from "./fake/realm.mjs";
import { accessible, quit, shot, story } from "./story.mjs";

after(quit);

const views = {
  policies: { route: "#/policies", ready: "table" },
  empty: { route: "#/policies", ready: "text=No policies yet", filled: false },
  begin: { route: "#/new-policy", ready: "text=Start empty" },
  editor: { route: "#/policies/operator", ready: "text=Who may launch" },
  danger: { route: "#/policies/indexer", ready: "text=Worth a second look" },
  yaml: { route: "#/policies/operator/yaml", ready: "textarea" },
  try: { route: "#/policies/operator/try", ready: "text=Try it" },
  history: { route: "#/policies/operator/history", ready: "text=Staging deployments" },
  version: { route: "#/policies/operator/history/1", ready: "text=Restore this version" },
  compare: { route: "#/policies/operator/compare/1/3", ready: "text=As text" },
  agents: { route: "#/agents", ready: "table" },
  settings: { route: "#/settings", ready: "text=Broker URL" },
};

const looks = {
  light: { width: 1280, height: 900 },
  dark: { width: 1280, height: 900, dark: true },
  narrow: { width: 390, height: 844 },
};

for (const [look, how] of Object.entries(looks)) {
  for (const [name, { route, ready, filled }] of Object.entries(views)) {
    test(`${name} is accessible, ${look}`, () =>
      story({ route, realm: new Realm({ filled }), ...how }, async ({ page }) => {
        await page.locator(ready).first().waitFor();
        await page.waitForTimeout(500);
        await shot(page, `${name}-${look}`);
        await accessible(page);
      }));
  }
}
