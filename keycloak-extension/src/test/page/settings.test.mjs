import assert from "node:assert/strict";
import { after, test } from "node:test";
import { accessible, quit, story } from "./story.mjs";

after(quit);

test("saves where the broker is, and shows at the field what is wrong", () =>
  story({ route: "#/settings" }, async ({ page, realm }) => {
    const url = page.getByRole("textbox", { name: "Broker URL" });
    await url.fill("http://writ.example");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Expected https://; http:// on loopback only.").first().waitFor();
    await accessible(page);
    await url.fill("https://broker.example:8443");
    await page.getByRole("checkbox", { name: "Show agent policies in the admin console" }).check();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("The settings were saved").waitFor();
    assert.deepEqual(realm.settings, { broker: { url: "https://broker.example:8443" }, broker_client: "writ-broker", console_theme: true });
  }));
