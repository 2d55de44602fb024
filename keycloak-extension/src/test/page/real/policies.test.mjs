import assert from "node:assert/strict";
import { after } from "node:test";
import { accessible, quit, real, shot } from "./story.mjs";

after(quit);

const writer = ["view-realm", "manage-realm"];
const reviewer = { name: "reviewer", lifetime: { agent: "1h", credential: "15m" }, launch: ["operator"], grants: [] };
const description = (page) => page.getByRole("textbox", { name: "Description" });

async function save(page, comment) {
  await page.getByRole("button", { name: /^Review and/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Comment").fill(comment);
  await accessible(page);
  await dialog.getByRole("button", { name: /^(Save|Create)$/ }).click();
}

real("an admin writes the first policy, changes it, tries it, and brings an old version back", { ada: writer }, async ({ page, realm, keycloak, login }) => {
  await login("ada");
  await page.getByRole("heading", { name: "No policies yet" }).waitFor();

  // 1. From an example; the problems lead to the fields.
  await page.getByRole("button", { name: "Create the first policy" }).click();
  await page.getByRole("button", { name: /Change code/ }).click();
  await page.getByText(/problems? to put right\./).waitFor();
  await page.getByRole("button", { name: "Review and create" }).click();
  await page.getByRole("button", { name: "grants › 1 › github › account" }).click();
  await page.keyboard.type("acme");
  await page.getByRole("textbox", { name: "Add a repository" }).fill("acme/api");
  await page.getByText("No problems.", { exact: true }).waitFor();
  await save(page, "The first");
  await page.getByText("developer was saved as version 1").waitFor();
  await page.getByText("version 1", { exact: true }).waitFor();

  // 2. Wider and narrower, in words.
  await page.getByRole("textbox", { name: "An agent lives for at most" }).fill("2");
  await page.getByRole("textbox", { name: "Add a repository" }).fill("acme/web");
  await page.getByText("No problems; 2 changes to save.").waitFor();
  await shot(page, "real-changed");
  await page.getByRole("button", { name: "Review and save" }).click();
  await page.getByRole("dialog").getByText("1 change that allows more, 1 change that allows less.").waitFor();
  await shot(page, "real-review");
  await page.getByRole("dialog").getByRole("button", { name: "Keep editing" }).click();

  // 3. Somebody else is quicker; nothing is lost.
  const theirs = await keycloak.call("GET", `/${realm}/writ/policies/developer`);
  await keycloak.call("PUT", `/${realm}/writ/policies/developer`, { expected: 1, comment: "Theirs", policy: { ...theirs.policy, description: "Theirs" } });
  await save(page, "Mine");
  const dialog = page.getByRole("dialog");
  await dialog.getByText(/developer was saved as version 2 by .*admin/).waitFor();
  await dialog.getByRole("heading", { name: "What they changed: version 1 to 2" }).waitFor();
  await shot(page, "real-conflict");
  await accessible(page);
  await dialog.getByRole("button", { name: "Review mine against version 2" }).click();
  await dialog.getByText("Changes to version 2").waitFor();
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByText("developer was saved as version 3").waitFor();

  // 4. As YAML, with a mistake at its line.
  await page.getByRole("tab", { name: "YAML" }).click();
  const text = page.getByRole("textbox", { name: "Policy as YAML" });
  const yaml = await text.inputValue();
  await text.fill(yaml.replace("agent: 2h", "agent: soon"));
  await page.getByText(/^Line 4: /).waitFor();
  await text.fill(`# gone soon\n${yaml.replace("Pushes branches", "Pushes small branches")}`);
  await page.getByText("No problems; 1 change to save.").waitFor();
  await page.getByRole("tab", { name: "Editor" }).click();
  assert.match(await description(page).inputValue(), /Pushes small branches/);
  await save(page, "By text");
  await page.getByText("developer was saved as version 4").waitFor();

  // 5. What would an agent get?
  await page.getByRole("tab", { name: "Try a request" }).click();
  await page.getByRole("button", { name: "Try it" }).click();
  await page.getByText("Allowed: an agent would be given this").waitFor();
  await page.getByLabel("Repositories").fill("acme/secret");
  await page.getByRole("button", { name: "Try it" }).click();
  await page.getByText('Refused by the rule "repositories"').waitFor();
  await shot(page, "real-refused");
  await accessible(page);

  // 6. History, comparison, restoration.
  await page.getByRole("tab", { name: "History" }).click();
  await page.getByRole("radio", { name: "Compare from version 1" }).check();
  await page.getByRole("button", { name: "Compare version 1 with 4" }).click();
  await page.getByText("Wider").first().waitFor();
  await shot(page, "real-compare");
  await accessible(page);
  await page.getByRole("link", { name: "Back to the history" }).click();
  await page.getByRole("button", { name: "Restore version 1" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Restore" }).click();
  await page.getByText("developer says what version 1 said, as version 5").waitFor();
  await page.getByText("restored from 1").waitFor();

  // 7. Deleted with force: nobody can say which agents there are.
  await page.getByRole("button", { name: "Action", exact: true }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByText("No broker is configured for this realm").waitFor();
  await page.getByLabel("Delete it although agents may depend on it").check();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByRole("heading", { name: "No policies yet" }).waitFor();
});

real("owners and launchers are suggested to who may see the realm's people", { ada: [...writer, "view-users"], grace: [] }, async ({ page, realm, keycloak, login }) => {
  await keycloak.save(realm, reviewer);
  await login("ada", "#/policies/reviewer");

  // 1. A group as owner, by a part of its name and a click.
  await page.getByRole("button", { name: "Add an owner" }).click();
  await page.getByRole("combobox", { name: "Owner 1: name of the group" }).pressSequentially("depl");
  const option = page.getByRole("option", { name: "platform/deploy" });
  await option.waitFor();
  await shot(page, "real-suggested");
  await accessible(page);
  await option.click();

  // 2. A user, by the keyboard.
  await page.getByRole("button", { name: "Add an owner" }).click();
  await page.getByRole("combobox", { name: "Owner 2: group or user" }).selectOption("user");
  const user = page.getByRole("combobox", { name: "Owner 2: name of the user" });
  await user.pressSequentially("gr");
  await page.getByRole("option", { name: "grace" }).waitFor();
  await user.press("ArrowDown");
  await user.press("Enter");

  // 3. And a group that may launch.
  await page.getByRole("button", { name: "Add who may launch" }).click();
  await page.getByRole("combobox", { name: "Launch rule 2: name of the group" }).pressSequentially("platform/");
  await option.click();

  await page.getByText("No problems; 3 changes to save.").waitFor();
  await save(page, "Suggested");
  await page.getByText("reviewer was saved as version 2").waitFor();
  const { policy } = await keycloak.call("GET", `/${realm}/writ/policies/reviewer`);
  assert.deepEqual(policy.owners.sort(), ["group:platform/deploy", "user:grace"]);
  assert.deepEqual(policy.launch.sort(), ["keycloak/group:platform/deploy", "operator"]);
});

real("who may not see the realm's people types their names", { ada: writer }, async ({ page, realm, keycloak, login }) => {
  await keycloak.save(realm, reviewer);
  await login("ada", "#/policies/reviewer");
  const refused = page.waitForResponse((answer) => answer.url().includes("/writ/suggestions") && answer.status() === 403);
  await page.getByRole("button", { name: "Add an owner" }).click(); // its field asks at once, being focused
  await page.getByRole("combobox", { name: "Owner 1: name of the group" }).fill("platform/deploy");
  await refused;
  await page.getByText("No problems; 1 change to save.").waitFor();
  assert.equal(await page.getByRole("option").filter({ visible: true, hasText: "platform" }).count(), 0);
  await save(page, "Typed");
  await page.getByText("reviewer was saved as version 2").waitFor();
});

real("AWS shows its budget, and dangers demand a reason", { ada: writer }, async ({ page, login }) => {
  await login("ada", "#/new-policy");
  await page.getByRole("button", { name: /Use AWS/ }).click();
  await page.getByRole("textbox", { name: "Role" }).fill("arn:aws:iam::123456789012:role/agents");
  await page.getByRole("textbox", { name: "Add a resource" }).fill("arn:aws:s3:::build-artifacts/*");
  await page.getByText(/^\d+ of 2,048 characters$/).waitFor();
  await page.getByRole("textbox", { name: "Add an action" }).fill("iam:ListRoles");
  await page.getByText(/to put right\./).waitFor();
  await page.getByRole("textbox", { name: "Why this danger is meant" }).fill("the yearly audit");
  await page.getByRole("complementary").getByText(/iam:ListRoles.*the yearly audit/).waitFor();
  await shot(page, "real-aws", { fullPage: true });
  await accessible(page);
});

real("settings are kept, and agents say that the broker is away", { ada: writer }, async ({ page, login }) => {
  await login("ada", "#/agents");
  await page.getByRole("heading", { name: "No broker is configured" }).waitFor();
  await page.getByRole("button", { name: "Name the broker" }).click();
  await page.getByRole("textbox", { name: "Broker URL" }).fill("http://writ.example");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText(/http is for loopback only|loopback/).first().waitFor();
  await page.getByRole("textbox", { name: "Broker URL" }).fill("http://127.0.0.1:9");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("The settings were saved").waitFor();
  await page.getByRole("tab", { name: "Agents" }).click();
  await page.getByRole("heading", { name: "The broker does not answer" }).waitFor();
  await accessible(page);
});

real("who may only read changes nothing, and who may not read is told why", { grace: ["view-realm"], eve: ["view-users"] }, async ({ page, realm, keycloak, login }) => {
  await keycloak.save(realm, reviewer);
  await login("grace", "#/policies/reviewer");
  await page.getByText("You can look at everything here, but not change it").waitFor();
  assert.ok(await description(page).isDisabled());
  await page.context().clearCookies();
  await login("eve");
  await page.getByRole("heading", { name: "You may not see the policies" }).waitFor();
});
