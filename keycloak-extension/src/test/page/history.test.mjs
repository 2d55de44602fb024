import assert from "node:assert/strict";
import { after, test } from "node:test";
import { accessible, quit, shot, story } from "./story.mjs";

after(quit);

test("compares any two versions, in words and line by line", () =>
  story({ route: "#/policies/operator/history" }, async ({ page }) => {
    await page.getByRole("radio", { name: "Compare from version 1" }).check();
    await page.getByRole("radio", { name: "Compare to version 2" }).check();
    await page.getByRole("button", { name: "Compare version 1 with 2" }).click();
    await page.getByRole("heading", { name: "Version 1 compared with version 2" }).waitFor();
    await page.getByText("Wider").first().waitFor();
    const lines = page.getByRole("region", { name: "Lines that differ" });
    assert.match(await lines.textContent(), /removed: +agent: 12h.*added: +agent: 8h/s);
  }));

test("shows an old version and restores it as the newest", () =>
  story({ route: "#/policies/operator/history" }, async ({ page, realm }) => {
    await page.getByRole("link", { name: "Version 2" }).click();
    await page.getByRole("button", { name: "Restore this version" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Changes to version 3").waitFor();
    await dialog.getByLabel("Comment").fill("Staging broke");
    await shot(page, "restore-light");
    await accessible(page);
    await dialog.getByRole("button", { name: "Restore" }).click();
    await page.getByText("operator says what version 2 said, as version 4").waitFor();
    await page.getByText("restored from 2").waitFor();
    assert.equal(realm.histories.get("operator").at(-1).policy.grants.length, 2);
  }));

test("restores what was deleted", () =>
  story({ route: "#/policies/prototype" }, async ({ page, realm }) => {
    await page.getByRole("button", { name: "Restore version 1" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Restore" }).click();
    await page.getByText("prototype says what version 1 said, as version 3").waitFor();
    await page.getByRole("tab", { name: "Editor" }).waitFor();
    assert.equal(realm.histories.get("prototype").at(-1).deleted, false);
  }));
