import { after } from "node:test";
import { agents, policies } from "../fake/samples.mjs";
import { CODE, OBJECTS, READ } from "./samples.mjs";
import { accessible, picturesWanted, quit, shot, staged } from "./story.mjs";

after(quit);

const text = (words) => (page) => page.getByText(words).first();
const table = (name) => (page) => page.getByRole("table", { name });

/** Each view: its route, and what is there once it is complete. */
const views = {
  policies: ["/policies", table("Policies")],
  begin: ["/new-policy", text("Start empty")],
  editor: ["/policies/operator", text("Who may launch")],
  danger: ["/policies/indexer", text("Worth a second look")],
  yaml: ["/policies/operator/yaml", (page) => page.getByRole("textbox", { name: "Policy as YAML" })],
  try: ["/policies/operator/try", (page) => page.getByRole("button", { name: "Try it" })],
  history: ["/policies/operator/history", text("Staging deployments")],
  version: ["/policies/operator/history/1", text("Restore this version")],
  compare: ["/policies/operator/compare/1/3", text("As text")],
  agents: ["/agents", table("Agents")],
  settings: ["/settings", (page) => page.getByRole("textbox", { name: "Broker URL" })],
};

const looks = {
  phone: { width: 390, height: 844 },
  light: { width: 1280 },
  dark: { width: 1280, dark: true },
  /** For the eye only: axe finds there what it finds in the others. */
  ...(picturesWanted ? { narrow: { width: 800 }, wide: { width: 1920, height: 1080 } } : {}),
};

let filled;

/** Some weeks of a company's policies, and agents at work; made once. */
function fill(stage) {
  filled ??= (async () => {
    const histories = [...policies().values()].map((versions) => versions.filter(({ deleted }) => !deleted));
    for (const { policy, comment } of histories.flat()) {
      await stage.keycloak.save(stage.realm, policy, comment);
    }
    await stage.policies([]);
    for (const { task, labels, context } of agents().filter(({ parent, policy }) => !parent && policy.startsWith("operator"))) {
      const id = await stage.launch("orchestrator", { policy: "operator", owner: "group:platform", task, labels, context });
      for (const detail of [CODE, OBJECTS, READ]) {
        await stage.given(id, detail);
      }
    }
    const mine = await stage.launch("ada", { policy: "operator", owner: "user:ada", task: "Move the build to the new runners" });
    await stage.child(mine, { policy: "reviewer", task: "Review the change of the login page" });
  })();
  return filled;
}

for (const [look, how] of Object.entries(looks)) {
  staged(`every view of a real realm is accessible, ${look}`, async ({ page, stage, login }) => {
    await fill(stage);
    await login("ada");
    for (const [name, [route, ready]] of Object.entries(views)) {
      await page.evaluate((hash) => { location.hash = hash; }, route);
      await ready(page).waitFor();
      await shot(page, `${look}-${name}`);
      await accessible(page);
    }
  }, how);
}

const TASK = "Fix the flaky deployment test";

/** What opens over a view: the view, how it is opened, and what is there then. */
const opened = {
  details: ["/agents?policy=operator", (page) => page.getByRole("button", { name: TASK, exact: true }).click(), table("Credentials of this agent")],
  review: ["/policies/operator", async (page) => {
    await page.getByRole("textbox", { name: "An agent lives for at most" }).fill("6");
    await page.getByRole("button", { name: "Remove deploy:staging" }).click();
    await page.getByText("No problems; 2 changes to save.").waitFor();
    await page.getByRole("button", { name: "Review and save" }).click();
  }, table("Live agents under this policy")],
  permissions: ["/policies/reviewer", (page) => page.getByRole("button", { name: "Choose permissions" }).click(), (page) => page.getByRole("textbox", { name: "Search permissions" })],
  restore: ["/policies/operator/history", (page) => page.getByRole("button", { name: "Restore version 1" }).click(), table("Live agents under this policy")],
  delete: ["/policies", async (page) => {
    await page.getByRole("button", { name: "Actions for operator" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
  }, table("Live agents under this policy")],
  refused: ["/policies/operator/try", async (page) => {
    await page.getByLabel("What for").selectOption("github");
    await page.getByLabel("Repositories").fill("acme/secret");
    await page.getByRole("button", { name: "Try it" }).click();
  }, text('Refused by the rule "repositories"')],
  kill: ["/agents?policy=operator", (page) => page.getByRole("button", { name: `Kill ${TASK}` }).click(), (page) => page.getByLabel("Reason")],
};

for (const look of ["light", "dark", ...(picturesWanted ? ["narrow"] : [])]) {
  staged(`what opens over the views is accessible, ${look}`, async ({ page, stage, login, visit }) => {
    await fill(stage);
    await login("ada");
    page.on("dialog", (unsaved) => unsaved.accept());
    for (const [name, [route, open, ready]] of Object.entries(opened)) {
      await visit(`#${route}`);
      await open(page);
      await ready(page).waitFor();
      await shot(page, `${look}-${name}`);
      await accessible(page);
    }
  }, looks[look]);
}

staged("the result of a kill is accessible", async ({ page, stage, login }) => {
  await fill(stage);
  await login("ada", "#/agents?policy=operator");
  await page.getByRole("button", { name: "Kill Update dependencies" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("Opened forty pull requests");
  await dialog.getByRole("button", { name: "Kill", exact: true }).click();
  await table("What became of its credentials")(page).waitFor();
  await shot(page, "light-killed");
  await accessible(page);
});
