import assert from "node:assert/strict";
import { after, before } from "node:test";
import { CODE, deploys, OBJECTS, READ, STAGING } from "./samples.mjs";
import { obeyed, Stage } from "./stage.mjs";
import { accessible, quit, shot, staged } from "./story.mjs";

/** A policy for each story, so that none sees another's agents. */
const policies = ["lister", "holder", "victim", "parent", "narrowed", "doomed", "tried", "shared"];

before(async () => {
  if (!Stage.missing()) {
    await (await Stage.open()).policies(policies.map(deploys));
  }
});
after(quit);

const agents = (page) => page.getByRole("table", { name: "Agents" });

staged("agents of a real broker are listed with owner, who answers, policy and life left", async ({ page, stage, login }) => {
  const mine = await stage.launch("ada", { policy: "lister", owner: "user:ada", task: "Rename a label" });
  await stage.launch("orchestrator", { policy: "lister", owner: "group:platform", task: "Upgrade the router" });
  await stage.child(mine, { policy: "lister", task: "Look for uses of it" });

  await login("ada", "#/agents?policy=lister");
  await agents(page).waitFor();
  assert.equal(await agents(page).getByRole("rowheader").count(), 3);
  const router = page.getByRole("row", { name: /Upgrade the router/ });
  assert.match(await router.textContent(), /group:platformadalister@1(4 h 00|3 h 59) minlive/);
  assert.match(await page.getByRole("row", { name: /Look for uses of it/ }).textContent(), /child.*user:adaada/);
  await accessible(page);

  await stage.launch("orchestrator", { policy: "lister", owner: "group:platform", task: "Came later" });
  await page.getByRole("button", { name: "Refresh" }).click();
  await page.getByText("Came later").waitFor();
});

staged("an agent's details show what it was given, and by whom it was launched", async ({ page, stage, login }) => {
  const id = await stage.launch("orchestrator", {
    policy: "holder", owner: "group:platform", task: "Deploy the docs", role: "deployer", labels: { ticket: "PLAT-7" },
    context: { harness: "claude-code", session: "s-7" }, requested_by: "user:grace",
  });
  await stage.given(id, CODE);
  await stage.given(id, READ);

  await login("ada", "#/agents?policy=holder");
  await page.getByRole("button", { name: "Deploy the docs", exact: true }).click();
  const panel = page.getByRole("dialog");
  const table = panel.getByRole("table", { name: "Credentials of this agent" });
  await table.waitFor();
  await table.getByRole("row", { name: /github.*acme\/api.*contents: write.*live/ }).waitFor();
  await table.getByRole("row", { name: /internal.*deploy:read.*live/ }).waitFor();
  const text = await panel.textContent();
  for (const part of ["keycloak/client:orchestrator", "grace", "PLAT-7", "claude-code", id]) {
    assert.ok(text.includes(part), `${part} is missing in ${text}`);
  }
  await accessible(page);
});

staged("a kill says what became of each credential, and the agent gets nothing more", async ({ page, stage, login }) => {
  const id = await stage.launch("orchestrator", { policy: "victim", owner: "group:platform", task: "Open forty pull requests" });
  await stage.given(id, CODE);
  await stage.given(id, OBJECTS);
  await stage.given(id, READ);

  await login("ada", "#/agents?policy=victim");
  await page.getByRole("button", { name: "Kill Open forty pull requests" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("Too many pull requests");
  assert.equal((await stage.agent(id)).state, "live");
  await dialog.getByRole("button", { name: "Kill", exact: true }).click();
  const results = dialog.getByRole("table", { name: "What became of its credentials" });
  await results.waitFor();
  assert.equal(await results.getByRole("row").count(), 4);
  await results.getByText("ends by itself").first().waitFor();
  await results.getByText("ended", { exact: true }).first().waitFor();
  await accessible(page);
  await dialog.getByRole("button", { name: "Done" }).click();
  await page.getByText("Nothing found").waitFor();

  const dead = await stage.agent(id);
  assert.equal(dead.state, "killed");
  assert.equal(dead.killed.reason, "Too many pull requests");
  assert.match(dead.killed.by, /user:ada$/);
  const refused = await stage.ask(id, READ);
  assert.notEqual(refused.status, 200);
  assert.equal(refused.body.access_token, undefined);
});

staged("with the tree, what the children hold ends, too", async ({ page, stage, login }) => {
  const parent = await stage.launch("orchestrator", { policy: "parent", owner: "group:platform", task: "Split the work" });
  const child = await stage.child(parent, { policy: "parent", task: "Do a part" });
  await stage.given(parent, READ);
  await stage.given(child, CODE);

  await login("ada", "#/agents?policy=parent");
  await page.getByRole("button", { name: "Kill Split the work" }).click();
  const dialog = page.getByRole("dialog");
  assert.ok(await dialog.getByLabel("Also end what the agents below it hold").isChecked());
  await dialog.getByRole("button", { name: "Kill", exact: true }).click();
  await dialog.getByText(/^2 credentials: /).waitFor();
  for (const id of [parent, child]) {
    assert.equal((await stage.agent(id)).state, "killed");
    assert.notEqual((await stage.ask(id, READ)).status, 200);
  }
});

staged("the review names the agents that a change concerns, and the broker obeys it", async ({ page, stage, login }) => {
  const id = await stage.launch("orchestrator", { policy: "narrowed", owner: "group:platform", task: "Deploy to staging" });
  await stage.given(id, STAGING);

  await login("ada", "#/policies/narrowed");
  await page.getByRole("button", { name: "Remove deploy:staging" }).click();
  await page.getByText("No problems; 1 change to save.").waitFor();
  await page.getByRole("button", { name: "Review and save" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("1 live agent follows this policy").waitFor();
  await dialog.getByRole("table", { name: "Live agents under this policy" }).getByText("Deploy to staging").waitFor();
  await accessible(page);
  await dialog.getByLabel("Comment").fill("Nobody stages on Fridays");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByText("narrowed was saved as version 2").waitFor();

  await obeyed();
  const { status, body } = await stage.ask(id, STAGING);
  assert.notEqual(status, 200);
  assert.equal(body.denial.rule, "scopes");
  await stage.given(id, READ);
});

staged("a policy with live agents is deleted by force only, and they get nothing more", async ({ page, stage, login }) => {
  const id = await stage.launch("orchestrator", { policy: "doomed", owner: "group:platform", task: "Depend on it" });

  await login("ada", "#/policies/doomed");
  await page.getByRole("button", { name: "Action", exact: true }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("1 live agent would be refused every further credential").waitFor();
  await dialog.getByText("Depend on it", { exact: true }).waitFor();
  const button = dialog.getByRole("button", { name: "Delete" });
  assert.ok(await button.isDisabled());
  await accessible(page);
  await dialog.getByLabel("Delete it although agents may depend on it").check();
  await button.click();
  await page.getByText("doomed was deleted").waitFor();

  await obeyed();
  assert.notEqual((await stage.ask(id, READ)).status, 200);
});

staged("a request that is tried gets the answer that the broker gives", async ({ page, stage, login }) => {
  const id = await stage.launch("orchestrator", { policy: "tried", owner: "group:platform", task: "Ask" });
  const requests = [
    CODE,
    { ...CODE, repositories: ["acme/secret"] },
    { ...CODE, permissions: { contents: "write", administration: "write" } },
    READ,
    { ...READ, scopes: ["deploy:production"] },
    { ...READ, audience: "https://other.internal" },
  ];

  await login("ada", "#/policies/tried/try");
  await page.getByRole("checkbox", { name: "Write the request as JSON" }).click({ force: true });
  for (const request of requests) {
    await page.getByRole("textbox", { name: "Request" }).fill(JSON.stringify(request));
    await page.getByRole("button", { name: "Try it" }).click();
    const broker = await stage.ask(id, request);
    await page.getByText(broker.status === 200 ? "Allowed: an agent would be given this" : `Refused by the rule "${broker.body.denial.rule}"`).waitFor();
  }
});

staged("who is no admin of the broker sees the agents of her own and kills none", async ({ page, stage, login }) => {
  await stage.launch("ada", { policy: "shared", owner: "user:ada", task: "Belongs to ada" });
  await stage.launch("orchestrator", { policy: "shared", owner: "group:platform", task: "Belongs to both" });

  await login("grace", "#/agents?policy=shared");
  await page.getByRole("row", { name: /Belongs to both/ }).waitFor();
  assert.equal(await page.getByText("Belongs to ada").count(), 0);
  await page.getByText("You can look at everything here, but not change it").waitFor();
  assert.equal(await page.getByRole("button", { name: "Kill Belongs to both" }).getAttribute("aria-disabled"), "true");
  await accessible(page);
});

staged("who has no role in the realm is told which one is missing", async ({ page, login }) => {
  await login("eve", "#/agents");
  await page.getByRole("heading", { name: "You may not see" }).waitFor();
  await page.getByText("view-realm").waitFor();
  await shot(page, "no-rights");
  await accessible(page);
});
