import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Realm } from "./fake/realm.mjs";
import { accessible, quit, shot, story } from "./story.mjs";

after(quit);

test("lists live agents with owner, who answers, policy and a life that ticks", () =>
  story({ route: "#/agents" }, async ({ page }) => {
    const row = page.getByRole("row", { name: /Nightly index/ });
    assert.match(await row.textContent(), /user:gracegraceindexer@1/);
    const life = row.getByText(/^4 min \d\d s$/);
    const before = await life.textContent();
    await page.waitForTimeout(2100);
    assert.notEqual(await life.textContent(), before);
    assert.equal(await page.getByText("Update dependencies").count(), 0);
    await page.getByRole("combobox", { name: "State" }).selectOption("killed");
    await page.getByText("Update dependencies").waitFor();
  }));

test("shows an agent's credentials at the side, takes the focus and gives it back", () =>
  story({ route: "#/agents?policy=operator" }, async ({ page }) => {
    const name = page.getByRole("button", { name: "Fix the flaky deployment test", exact: true });
    await name.focus();
    await page.keyboard.press("Enter");
    const panel = page.getByRole("dialog");
    await panel.getByRole("table", { name: "Credentials of this agent" }).waitFor();
    await panel.getByText("acme/api · contents: write").waitFor();
    assert.ok(await panel.evaluate((element) => element.contains(document.activeElement)));
    await shot(page, "agent-light");
    await accessible(page);
    await page.keyboard.press("Escape");
    await panel.waitFor({ state: "detached" });
    assert.ok(await name.evaluate((element) => element === document.activeElement));
  }));

test("kills after asking, with reason and tree, and tells what became of each credential", () =>
  story({ route: "#/agents" }, async ({ page, realm }) => {
    await page.getByRole("button", { name: "Kill Fix the flaky deployment test" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Reason").fill("It pushes to the wrong repository");
    await shot(page, "kill-light");
    await accessible(page);
    await dialog.getByRole("button", { name: "Kill", exact: true }).click();
    await dialog.getByText("3 credentials: 1 ended at once, 2 not.").waitFor();
    await dialog.getByText("It is tried again until that is final.").waitFor();
    await shot(page, "killed-light");
    await accessible(page);
    await dialog.getByRole("button", { name: "Done" }).click();
    await page.getByRole("button", { name: "Kill Fix the flaky deployment test" }).waitFor({ state: "detached" });
    assert.deepEqual(realm.calls.find(({ path }) => path.endsWith("/kill")).body, { reason: "It pushes to the wrong repository", tree: true });
  }));

const states = {
  unreachable: /The broker does not answer/,
  "not configured": /No broker is configured/,
  "not permitted": /shows agents to admins of its own realm/,
};

for (const [broker, title] of Object.entries(states)) {
  test(`says what to do where the broker is ${broker}`, () =>
    story({ route: "#/agents", prepare: (realm) => { realm.broker = broker; } }, async ({ page }) => {
      await page.getByRole("heading", { name: title }).waitFor();
      await shot(page, `broker-${broker.replace(" ", "-")}-light`);
      await accessible(page);
    }));
}

test("says what to do where the broker lets this person see nothing", () =>
  story({ route: "#/agents", prepare: (realm) => realm.instead.set("GET writ/agents", () => ({ status: 404, body: { title: "Not found" } })) }, async ({ page }) => {
    await page.getByRole("heading", { name: "You may not see agents" }).waitFor();
    await page.getByText(/admins or auditors/).waitFor();
  }));

test("says that nothing runs", () =>
  story({ route: "#/agents", realm: new Realm({ filled: false }) }, async ({ page }) => {
    await page.getByRole("heading", { name: "No agent is running" }).waitFor();
    await accessible(page);
  }));

test("a kill that the broker refuses says who may", () =>
  story({ route: "#/agents", prepare: (realm) => realm.instead.set(`POST writ/agents/${realm.agents[0].id}/kill`, () => ({ status: 404, body: { title: "Not found" } })) }, async ({ page }) => {
    await page.getByRole("button", { name: "Kill Fix the flaky deployment test" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Kill", exact: true }).click();
    await page.getByText("The broker does not let you kill this agent.", { exact: false }).waitFor();
  }));
