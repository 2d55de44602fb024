import type { Problem } from "../../api/http";
import { Changes } from "../../components/Changes";
import { FlagAlerts } from "../../components/Flags";
import { Alert, Button, Title } from "../../pf";
import { navigate, to } from "../../routes";
import { count } from "../../times";
import type { Checking } from "./checking";
import { focusField } from "./editing";
import { Jump } from "./Jump";
import { focusLine } from "./YamlEditor";

interface Props {
  checking: Checking;
  problems: Problem[];
  /** The version that changes are counted from; 0 for a new policy. */
  version: number;
  view: string;
  show?: (view: string) => void;
  name: string;
  dirty: boolean;
}

/** Beside the draft: what is wrong, what is dangerous, what changes. */
export function Aside({ checking, problems, version, view, show, name, dirty }: Props) {
  const { check } = checking;
  const changes = check?.changes ?? [];
  const go = (problem: Problem) => {
    if (view === "yaml" && problem.line !== undefined) {
      focusLine(problem.line, problem.column ?? 1);
      return;
    }
    if (view === "") {
      focusField(problem.pointer);
      return;
    }
    (show ?? ((next: string) => navigate(to.policy(name, next))))("");
    requestAnimationFrame(() => requestAnimationFrame(() => focusField(problem.pointer)));
  };
  return (
    <aside className="writ-aside" aria-label="What the server says about this draft">
      {problems.length > 0 && (
        <div id="problems" tabIndex={-1}>
          <Alert isInline variant="danger" component="h2" title={`${count(problems.length, "problem")} to put right`}>
            <ul className="writ-plain-list">
              {problems.map((problem) => (
                <li key={problem.pointer + problem.message}>
                  <Button variant="link" isInline onClick={() => go(problem)}>{place(problem)}</Button>: {problem.message}
                </li>
              ))}
            </ul>
          </Alert>
        </div>
      )}
      {check && check.flags.length > 0 && (
        <section aria-labelledby="flags">
          <Title headingLevel="h2" size="md" id="flags">Worth a second look</Title>
          <FlagAlerts flags={check.flags} />
        </section>
      )}
      {view === "" && <Jump />}
      {version > 0 && dirty && (
        <section aria-labelledby="changes">
          <Title headingLevel="h2" size="md" id="changes">Changes to version {version}</Title>
          {changes.length > 0 ? <Changes changes={changes} /> : <p className="writ-quiet">{check && !check.sound ? "Shown when there are no problems." : "None."}</p>}
        </section>
      )}
      {version === 0 && problems.length === 0 && (
        <section aria-labelledby="help">
          <Title headingLevel="h2" size="md" id="help">How this works</Title>
          <p>Say who may launch agents, and add a grant for each thing they need. Then try a request, and see what an agent would get.</p>
        </section>
      )}
    </aside>
  );
}

/** `/grants/0/github/account` as people say it. */
function place({ pointer, line }: Problem): string {
  const parts = pointer.split("/").slice(1);
  const words = parts.map((part) => (/^[0-9]+$/.test(part) ? String(Number(part) + 1) : part.replaceAll("~1", "/").replaceAll("~0", "~")));
  return words.length > 0 ? words.join(" › ") : line !== undefined ? `line ${line}` : "the document";
}
