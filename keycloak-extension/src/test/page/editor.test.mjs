import assert from "node:assert/strict";
import { after, test } from "node:test";
import { accessible, quit, shot, story } from "./story.mjs";

after(quit);

const save = async (page, comment) => {
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Comment").fill(comment);
  await dialog.getByRole("button", { name: /^(Save|Create)$/ }).click();
  await dialog.waitFor({ state: "detached" });
};

const review = (page) => page.getByRole("button", { name: /^Review and/ }).click();

test("shows before saving what changes, whether it allows more, and for whom", () =>
  story({ route: "#/policies/operator" }, async ({ page, realm }) => {
    await page.getByRole("textbox", { name: "An agent lives for at most" }).fill("6");
    await page.getByRole("textbox", { name: "Add a repository" }).fill("acme/docs");
    await page.getByText("No problems; 2 changes to save.").waitFor();
    await shot(page, "changed-light");
    await review(page);
    const dialog = page.getByRole("dialog");
    await dialog.getByText("1 change that allows more, 1 change that allows less.").waitFor();
    await dialog.getByText("Wider").waitFor();
    await dialog.getByText("Narrower").waitFor();
    await dialog.getByText("1 live agent follows this policy").waitFor();
    await shot(page, "review-light");
    await accessible(page);
    await save(page, "Docs, and shorter lives");
    await page.getByText("operator was saved as version 4").waitFor();
    await page.getByText("version 4", { exact: true }).waitFor();
    const saved = realm.histories.get("operator").at(-1);
    assert.equal(saved.comment, "Docs, and shorter lives");
    assert.equal(saved.policy.lifetime.agent, "6h");
    assert.deepEqual(saved.policy.grants[0].github.repositories, ["acme/api", "acme/web", "acme/docs"]);
    await page.getByText("No problems; nothing is changed.").waitFor();
  }));

test("creates a policy by form alone, with each kind of grant", () =>
  story({ route: "#/policies" }, async ({ page, realm }) => {
    await page.getByRole("button", { name: "Create policy" }).click();
    await page.getByRole("button", { name: /Start empty/ }).click();
    await page.getByLabel("Name", { exact: false }).first().fill("builder");
    await page.getByRole("button", { name: "Add who may launch" }).click();
    await page.getByRole("combobox", { name: "Launch rule 1: name of the group" }).fill("platform/deploy");

    await page.getByRole("button", { name: "Add a grant" }).click();
    await page.getByRole("menuitem", { name: /^GitHub/ }).click();
    const github = page.getByRole("group", { name: "Grant 1: GitHub" });
    assert.equal(await page.evaluate(() => document.activeElement.id), "field:/grants/0/github/account");
    await page.keyboard.type("acme");
    await github.getByRole("textbox", { name: "Add a repository" }).fill("acme/api");
    await github.getByRole("button", { name: "Choose permissions" }).click();
    const picker = page.getByRole("dialog");
    await picker.getByRole("textbox", { name: "Search permissions" }).fill("pull req");
    await picker.getByRole("combobox", { name: "Level of pull_requests" }).selectOption("write");
    await shot(page, "permissions-light");
    await accessible(page);
    await picker.getByRole("button", { name: "Use 2 permissions" }).click();

    await page.getByRole("button", { name: "Add a grant" }).click();
    await page.getByRole("menuitem", { name: /^AWS/ }).click();
    const aws = page.getByRole("group", { name: "Grant 2: AWS" });
    await page.keyboard.type("arn:aws:iam::123456789012:role/agents");
    await aws.getByRole("textbox", { name: "Add an action" }).fill("s3:GetObject");
    await aws.getByRole("textbox", { name: "Add a resource" }).fill("arn:aws:s3:::build-artifacts/*");
    await aws.getByRole("button", { name: "Add a condition" }).click();
    await aws.getByRole("textbox", { name: "Condition 1: key" }).fill("aws:RequestedRegion");
    await aws.getByRole("textbox", { name: "Condition 1: values, separated by commas" }).fill("eu-central-1, eu-west-1");
    await aws.getByText(/^\d+ of 2,048 characters$/).waitFor();

    await page.getByRole("button", { name: "Add a grant" }).click();
    await page.getByRole("menuitem", { name: /^Internal/ }).click();
    const internal = page.getByRole("group", { name: "Grant 3: Internal service" });
    await page.keyboard.type("https://deploy.internal");
    await internal.getByRole("textbox", { name: "Add a scope" }).fill("deploy:read");
    await page.getByRole("checkbox", { name: "Agents under this policy may launch child agents" }).click({ force: true });
    await page.getByRole("textbox", { name: "Add a policy" }).fill("reviewer");

    await page.getByText("No problems.", { exact: true }).waitFor();
    await accessible(page);
    await review(page);
    await save(page, "The first");
    await page.getByText("builder was saved as version 1").waitFor();
    assert.equal(new URL(page.url()).hash, "#/policies/builder");
    assert.deepEqual(realm.histories.get("builder")[0].policy, {
      name: "builder",
      lifetime: { agent: "8h", credential: "1h" },
      launch: ["keycloak/group:platform/deploy"],
      delegation: { depth: 1, policies: ["reviewer"] },
      grants: [
        { github: { account: "acme", repositories: ["acme/api"], permissions: { contents: "read", pull_requests: "write" } } },
        { aws: { role: "arn:aws:iam::123456789012:role/agents", allow: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::build-artifacts/*"], conditions: { StringEquals: { "aws:RequestedRegion": ["eu-central-1", "eu-west-1"] } } }] } },
        { internal: { audience: "https://deploy.internal", scopes: ["deploy:read"] } },
      ],
    });
  }));

test("says what is wrong at the field, and leads there from the summary", () =>
  story({ route: "#/policies/operator" }, async ({ page }) => {
    const account = page.getByRole("textbox", { name: "Account" });
    await account.fill("not an account");
    await page.getByRole("heading", { name: "1 problem to put right" }).waitFor();
    assert.equal(await account.getAttribute("aria-invalid"), "true");
    const described = await account.getAttribute("aria-describedby");
    assert.match(await page.locator(`[id="${described}"]`).textContent(), /Expected a GitHub account/);
    await review(page);
    assert.equal(await page.evaluate(() => document.activeElement.id), "problems");
    await shot(page, "problem-light");
    await accessible(page);
    await page.getByRole("button", { name: "grants › 1 › github › account" }).click();
    assert.equal(await page.evaluate(() => document.activeElement.id), "field:/grants/0/github/account");
  }));

test("asks nothing of a new policy's empty fields until they were left or it is saved", () =>
  story({ route: "#/new-policy" }, async ({ page }) => {
    await page.getByRole("button", { name: /Change code/ }).click();
    await page.getByText("1 problem to put right.").waitFor();
    assert.equal(await page.getByRole("heading", { name: /to put right/ }).count(), 0);
    await review(page);
    await page.getByRole("heading", { name: "1 problem to put right" }).waitFor();
  }));

test("demands a reason for every repository, and shows the danger in red", () =>
  story({ route: "#/policies/reviewer" }, async ({ page }) => {
    await page.getByRole("radio", { name: /All of the installation/ }).check();
    await page.getByText(/If that is meant, say why/).first().waitFor();
    await page.getByRole("textbox", { name: "Why this danger is meant" }).fill("the index covers all");
    await page.getByRole("complementary").getByText(/later ones included \(i-know: the index covers all\)/).waitFor();
    await shot(page, "reason-light");
    await accessible(page);
  }));

test("guards what is not saved against links, the back button and tabs of its own", () =>
  story({ route: "#/policies" }, async ({ page }) => {
    await page.getByRole("link", { name: "operator" }).click();
    const description = page.getByRole("textbox", { name: "Description" });
    await description.fill("Changed");
    await page.getByRole("tab", { name: "History" }).click();
    await page.getByText("Staging deployments", { exact: true }).waitFor();
    await page.getByRole("tab", { name: "Editor" }).click();
    assert.equal(await description.inputValue(), "Changed");
    await page.getByRole("link", { name: "Agent policies" }).click();
    const dialog = page.getByRole("dialog", { name: /Leave without saving/ });
    await accessible(page);
    await dialog.getByRole("button", { name: "Keep editing" }).click();
    assert.equal(await description.inputValue(), "Changed");
    await page.evaluate(() => { location.hash = "#/agents"; });
    await dialog.waitFor();
    assert.equal(new URL(page.url()).hash, "#/policies/operator");
    await dialog.getByRole("button", { name: /Leave/ }).click();
    await page.getByRole("table", { name: "Agents" }).waitFor();
  }));

test("tries a request against the draft, saved or not", () =>
  story({ route: "#/policies/operator" }, async ({ page }) => {
    await page.getByRole("textbox", { name: "Add a repository" }).fill("acme/new");
    await page.getByRole("tab", { name: "Try a request" }).click();
    await page.getByLabel("Repositories").fill("acme/new");
    await page.getByRole("button", { name: "Try it" }).click();
    await page.getByText("Allowed: an agent would be given this").waitFor();
    await page.getByLabel("Repositories").fill("acme/secret");
    await page.getByRole("button", { name: "Try it" }).click();
    await page.getByText('Refused by the rule "repositories"').waitFor();
    await page.getByText("acme/secret is not among the repositories").waitFor();
    await shot(page, "refused-light");
    await accessible(page);
    await page.getByRole("checkbox", { name: "Write the request as JSON" }).click({ force: true });
    await page.getByRole("textbox", { name: "Request" }).fill("{ not JSON");
    await page.getByText("This is not JSON yet.").waitFor();
  }));

test("takes a pasted list of repositories apart", () =>
  story({ route: "#/policies/reviewer" }, async ({ page }) => {
    const add = page.getByRole("textbox", { name: "Add a repository" });
    await page.evaluate(() => navigator.clipboard.writeText("acme/one\nacme/two\n- acme/three\n"));
    await add.focus();
    await page.keyboard.press("Control+V");
    await page.getByRole("textbox", { name: "Repositories, entry 4" }).waitFor();
    assert.equal(await page.getByRole("textbox", { name: "Repositories, entry 4" }).inputValue(), "acme/three");
    await page.getByRole("button", { name: "Remove acme/one" }).click();
    assert.equal(await page.getByRole("textbox", { name: "Repositories, entry 2" }).inputValue(), "acme/two");
  }));

test("suggests the realm's own groups by mouse and keyboard, and leaves any other name be", () =>
  story({ route: "#/policies/operator" }, async ({ page }) => {
    const group = page.getByRole("combobox", { name: "Launch rule 1: name of the group" });
    const list = page.getByRole("listbox", { name: "Suggestions" });
    const option = (name) => list.getByRole("option", { name, exact: true });

    // 1. By the keyboard, all around.
    await group.fill("");
    await option("security").waitFor();
    assert.equal(await list.getByRole("option").count(), 3);
    await group.press("ArrowUp");
    assert.equal(await option("security").getAttribute("aria-selected"), "true");
    await group.press("ArrowDown");
    assert.equal(await group.getAttribute("aria-activedescendant"), await option("platform").getAttribute("id"));
    await shot(page, "suggested-light");
    await accessible(page);
    await group.press("Enter");
    assert.equal(await group.inputValue(), "platform");
    await list.waitFor({ state: "detached" });
    assert.equal(await group.getAttribute("aria-expanded"), "false");

    // 2. Escape leaves what was typed; the arrow brings the list back, and a click chooses.
    await group.fill("Plat");
    await option("platform/deploy").waitFor();
    await group.press("Escape");
    assert.equal(await group.inputValue(), "Plat");
    await list.waitFor({ state: "detached" });
    await group.press("ArrowDown");
    await option("platform/deploy").click();
    assert.equal(await group.inputValue(), "platform/deploy");

    // 3. What nobody suggested is as good, and the list goes with the focus.
    await group.fill("platform/d");
    await option("platform/deploy").waitFor();
    await group.press("Tab");
    await list.waitFor({ state: "detached" });
    assert.equal(await group.inputValue(), "platform/d");
  }));

test("does without suggestions where the person may see nobody, and asks once only", () =>
  story({ route: "#/policies/operator" }, async ({ page, realm }) => {
    realm.instead.set("GET writ/suggestions", () => ({ status: 403, body: { title: "Forbidden", detail: "Seeing which groups there are takes the role view-users." } }));
    const group = page.getByRole("combobox", { name: "Launch rule 1: name of the group" });
    for (const name of ["plat", "platform", "somewhere/else"]) {
      await group.fill(name);
      await page.waitForTimeout(400);
    }
    assert.equal(await page.getByRole("listbox").count(), 0);
    await page.getByText("No problems; 2 changes to save.").waitFor();
    assert.equal(realm.calls.filter(({ path }) => path === "writ/suggestions").length, 1);
  }));
