import assert from "node:assert/strict";
import { after, test } from "node:test";
import { accessible, quit, story } from "./story.mjs";

after(quit);

const reader = (realm) => { realm.user = { name: "grace", roles: ["view-realm"] }; };

test("who may only read sees why nothing can be changed", () =>
  story({ route: "#/policies/operator", prepare: reader }, async ({ page }) => {
    await page.getByText("You can look at everything here, but not change it").waitFor();
    assert.ok(await page.getByRole("textbox", { name: "Description" }).isDisabled());
    assert.equal(await page.getByRole("button", { name: "Review and save" }).count(), 0);
    assert.equal(await page.getByRole("textbox", { name: "Add a repository" }).count(), 0);
    await accessible(page);
  }));

test("who may not read is told which role is missing", () =>
  story({ prepare: (realm) => { realm.user = { name: "grace", roles: ["view-users"] }; } }, async ({ page }) => {
    await page.getByRole("heading", { name: "You may not see the policies" }).waitFor();
    await page.getByText("view-realm").waitFor();
    await accessible(page);
  }));

test("a save that is refused keeps what was typed", () =>
  story({ route: "#/policies/operator", prepare: (realm) => { realm.user = { name: "grace", hidden: ["view-realm"] }; } }, async ({ page }) => {
    await page.getByRole("textbox", { name: "Description" }).fill("Mine");
    await page.getByText("No problems; 1 change to save.").waitFor();
    await page.getByRole("button", { name: "Review and save" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await page.getByText("it needs the role manage-realm", { exact: false }).waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Keep editing" }).click();
    assert.equal(await page.getByRole("textbox", { name: "Description" }).inputValue(), "Mine");
  }));

test("a session that ends loses nothing: after the new login the draft is there again", () =>
  story({ route: "#/policies/operator" }, async ({ page, realm }) => {
    await page.getByRole("textbox", { name: "Description" }).fill("Mine");
    await page.getByText("No problems; 1 change to save.").waitFor();
    await page.getByRole("button", { name: "Review and save" }).click();
    realm.instead.set("PUT writ/policies/operator", () => ({ status: 401, body: { error: "HTTP 401 Unauthorized" } }));
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Log in again" }).click();
    await page.getByText("No problems; 1 change to save.").waitFor();
    assert.equal(await page.getByRole("textbox", { name: "Description" }).inputValue(), "Mine");
    assert.equal(new URL(page.url()).hash, "#/policies/operator");
  }));
