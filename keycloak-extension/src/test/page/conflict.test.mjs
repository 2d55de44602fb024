import assert from "node:assert/strict";
import { after, test } from "node:test";
import { accessible, quit, shot, story } from "./story.mjs";

after(quit);

const grace = (realm) => {
  const last = realm.histories.get("operator").at(-1);
  realm.histories.get("operator").push({ ...last, version: 4, author: "user:grace", comment: "Shorter", policy: { ...last.policy, lifetime: { agent: "2h", credential: "1h" } } });
};

test("explains a conflict, loses nothing, and goes on against the newer version", () =>
  story({ route: "#/policies/operator" }, async ({ page, realm }) => {
    const description = page.getByRole("textbox", { name: "Description" });
    await description.fill("Mine");
    await page.getByText("No problems; 1 change to save.").waitFor();
    await page.getByRole("button", { name: "Review and save" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Comment").fill("My reason");
    grace(realm);
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByText(/operator was saved as version 4 by grace/).waitFor();
    await dialog.getByRole("heading", { name: "What they changed: version 3 to 4" }).waitFor();
    await dialog.getByText("What saving yours would change in version 4").waitFor();
    await shot(page, "conflict-light");
    await accessible(page);
    assert.equal(realm.histories.get("operator").length, 4);

    await dialog.getByRole("button", { name: "Review mine against version 4" }).click();
    await dialog.getByText("Changes to version 4").waitFor();
    await dialog.getByText(/allows more/).waitFor();
    assert.equal(await dialog.getByLabel("Comment").inputValue(), "My reason");
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByText("operator was saved as version 5").waitFor();
    assert.equal(realm.histories.get("operator").at(-1).policy.description, "Mine");
  }));

test("keeps the draft when somebody prefers to go on editing", () =>
  story({ route: "#/policies/operator" }, async ({ page, realm }) => {
    await page.getByRole("textbox", { name: "Description" }).fill("Mine");
    await page.getByText("No problems; 1 change to save.").waitFor();
    grace(realm);
    await page.getByRole("button", { name: "Review and save" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByText(/Nothing was overwritten/).waitFor();
    await dialog.getByRole("button", { name: "Copy my text" }).click();
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /description: Mine/);
    await dialog.getByRole("button", { name: "Keep editing" }).click();
    assert.equal(await page.getByRole("textbox", { name: "Description" }).inputValue(), "Mine");
  }));

test("brings back what somebody deleted meanwhile, if that is wanted", () =>
  story({ route: "#/policies/operator" }, async ({ page, realm }) => {
    await page.getByRole("textbox", { name: "Description" }).fill("Mine");
    await page.getByText("No problems; 1 change to save.").waitFor();
    const last = realm.histories.get("operator").at(-1);
    realm.histories.get("operator").push({ ...last, version: 4, author: "user:grace", deleted: true });
    await page.getByRole("button", { name: "Review and save" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByText("They deleted the policy.", { exact: false }).waitFor();
    await dialog.getByRole("button", { name: "Review mine against version 4" }).click();
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByText("operator was saved as version 5").waitFor();
  }));

test("does not create over a policy that there is", () =>
  story({ route: "#/new-policy" }, async ({ page, realm }) => {
    await page.getByRole("button", { name: /Start empty/ }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("operator");
    await page.getByText("No problems.", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Review and create" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Create" }).click();
    await page.getByText("There is a policy operator already").waitFor();
    assert.equal(realm.histories.get("operator").length, 3);
  }));
