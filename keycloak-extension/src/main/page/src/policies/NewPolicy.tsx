import { useState } from "react";
import { emptyPolicy, type Policy } from "../model";
import { Card, CardBody, CardHeader, CardTitle, PageSection } from "../pf";
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
          {choices.map(({ title, text, policy }, index) => (
            <Card key={title} id={`begin-${index}`} isClickable isFlat>
              <CardHeader selectableActions={{ onClickAction: () => begin(structuredClone(policy)), selectableActionId: `begin-${index}-action`, selectableActionAriaLabel: title, name: "begin" }}>
                <CardTitle component="h2">{title}</CardTitle>
              </CardHeader>
              <CardBody>{text}</CardBody>
            </Card>
          ))}
        </div>
      </PageSection>
    </>
  );
}
