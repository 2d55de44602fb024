import { useState } from "react";
import { emptyPolicy, type Policy } from "../model";
import { PageSection } from "../pf";
import { replace, to } from "../routes";
import { Editor } from "./editor/Editor";
import { PolicyHeader } from "./PolicyHeader";
import { PolicyTabs } from "./PolicyTabs";
import { templates } from "./templates";

/** A policy that is not saved yet: begun empty or from an example. */
export function NewPolicy() {
  const [begun, setBegun] = useState<Policy>();
  const [view, setView] = useState("");
  if (!begun) {
    return <Begin begin={setBegun} />;
  }
  return (
    <>
      <PolicyHeader name="" />
      <PolicyTabs view={view} choose={setView} />
      <Editor
        base={{ name: begun.name, version: 0, policy: begun }}
        view={view}
        show={setView}
        saved={(saved) => replace(to.policy(saved.name))}
      />
    </>
  );
}

function Begin({ begin }: { begin: (policy: Policy) => void }) {
  const choices = [{ title: "Start empty", text: "Nothing is allowed until you add it.", policy: emptyPolicy() }, ...templates];
  return (
    <>
      <PolicyHeader name="" />
      <PageSection variant="light">
        <p>What are the agents for? Everything can be changed before it is saved.</p>
        <div className="writ-choices">
          {choices.map(({ title, text, policy }) => (
            <button key={title} type="button" className="writ-choice" onClick={() => begin(structuredClone(policy))}>
              <strong>{title}</strong>
              <span>{text}</span>
            </button>
          ))}
        </div>
      </PageSection>
    </>
  );
}
