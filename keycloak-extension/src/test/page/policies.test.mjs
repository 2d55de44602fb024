import assert from "node:assert/strict";
import { after, test } from "node:test";
import { many } from "./fake/samples.mjs";
import { Realm } from "./fake/realm.mjs";
import { accessible, quit, story } from "./story.mjs";

after(quit);

const names = (page) => page.getByRole("table", { name: "Policies" }).getByRole("rowheader").getByRole("link").allTextContents();

test("lists the policies with what they give access to and what is dangerous", () =>
  story({}, async ({ page }) => {
    const row = page.getByRole("row", { name: /indexer/ });
    await row.getByText("1 danger").waitFor();
    assert.deepEqual(await names(page), ["deployer", "indexer", "operator", "reviewer"]);
    assert.match(await page.getByRole("row", { name: /operator/ }).textContent(), /Deploys for the platform team.*GitHubAWSInternal service3yesterday by ada/);
  }));

test("searches by content, says so when nothing is found, and shows what was deleted", () =>
  story({}, async ({ page }) => {
    const search = page.getByRole("textbox", { name: /Search policies/ });
    await search.fill("deploy.internal");
    await page.getByRole("link", { name: "indexer" }).waitFor({ state: "detached" });
    assert.deepEqual(await names(page), ["deployer", "operator"]);
    await search.fill("no such thing");
    await page.getByText("Nothing found").waitFor();
    await accessible(page);
    await page.getByRole("button", { name: "Clear the search" }).click();
    await page.getByRole("checkbox", { name: "Show deleted" }).click({ force: true });
    await page.getByRole("link", { name: "prototype" }).waitFor();
  }));

test("pages through 2,000 policies without asking for them all", () =>
  story({ prepare: (realm) => { realm.histories = many(2000); } }, async ({ page, realm }) => {
    await page.getByRole("link", { name: "team-0020" }).waitFor();
    assert.equal((await names(page)).length, 20);
    const started = Date.now();
    await page.getByRole("button", { name: "Go to last page" }).click();
    await page.getByRole("link", { name: "team-2000" }).waitFor();
    assert.ok(Date.now() - started < 2000, "the last page came slowly");
    assert.ok(realm.calls.filter(({ path }) => path === "writ/policies").every(({ query }) => Number(query.get("max")) <= 100));
  }));

test("begins with an explanation where there are no policies", () =>
  story({ realm: new Realm({ filled: false }) }, async ({ page }) => {
    await page.getByRole("button", { name: "Create the first policy" }).click();
    await page.getByRole("heading", { name: "New policy" }).waitFor();
  }));

test("says what to do when Keycloak fails, and tries again", () =>
  story({ prepare: (realm) => realm.instead.set("GET writ/policies", () => ({ status: 500, body: { title: "Broken", detail: "The database is away." } })) }, async ({ page, realm }) => {
    await page.getByText("The database is away.").waitFor();
    await accessible(page);
    realm.instead.clear();
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("link", { name: "operator" }).waitFor();
  }));

test("deletes only with force while agents live under a policy, and says how many", () =>
  story({}, async ({ page, realm }) => {
    await page.getByRole("button", { name: "Actions for operator" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("1 live agent would be refused every further credential").waitFor();
    await dialog.getByText("Fix the flaky deployment test").waitFor();
    await accessible(page);
    const button = dialog.getByRole("button", { name: "Delete" });
    assert.ok(await button.isDisabled());
    await dialog.getByLabel("Comment").fill("Not needed any more");
    await dialog.getByLabel("Delete it although agents may depend on it").check();
    await button.click();
    await page.getByText("operator was deleted").waitFor();
    await page.getByRole("link", { name: "operator" }).waitFor({ state: "detached" });
    assert.equal(realm.histories.get("operator").at(-1).comment, "Not needed any more");
  }));

test("deletes without further ado what no agent runs under", () =>
  story({}, async ({ page, realm }) => {
    await page.getByRole("button", { name: "Actions for deployer" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await page.getByText("No live agent runs under this policy").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await page.getByText("deployer was deleted").waitFor();
    assert.equal(realm.calls.find(({ method }) => method === "DELETE").query.get("force"), "false");
  }));

test("needs force where the broker does not answer", () =>
  story({ prepare: (realm) => { realm.broker = "unreachable"; } }, async ({ page }) => {
    await page.getByRole("button", { name: "Actions for deployer" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await page.getByText("The broker does not answer").waitFor();
    assert.ok(await page.getByRole("dialog").getByRole("button", { name: "Delete" }).isDisabled());
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }));
