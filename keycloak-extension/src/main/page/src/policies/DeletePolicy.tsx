import { useState } from "react";
import { useApi } from "../api/api";
import type { Impact } from "../api/policies";
import { Failure } from "../components/Refused";
import { Loading } from "../components/Views";
import { useTell } from "../components/Toasts";
import { useDoing, useLoad } from "../hooks";
import { Alert, Button, Checkbox, Form, Modal } from "../pf";
import { count } from "../times";
import { AgentsTouched } from "./AgentsTouched";
import { CommentField } from "./CommentField";

interface Props {
  name: string;
  version: number;
  close: () => void;
  deleted: () => void;
}

/** Asks before a policy goes, and says which agents would be left without one. */
export function DeletePolicy({ name, version, close, deleted }: Props) {
  const { policies } = useApi();
  const tell = useTell();
  const [impact] = useLoad(name, (signal) => policies.impact(name, { delete: true }, signal));
  const [comment, setComment] = useState("");
  const [force, setForce] = useState(false);
  const { busy, refusal, run } = useDoing();
  const refused = refusal?.status === 409;
  const needsForce = refused || (impact.state === "there" ? needed(impact.value) : impact.state === "failed");
  const remove = () =>
    run(async () => {
      await policies.remove(name, version, needsForce && force, comment);
      tell(`${name} was deleted`);
      close();
      deleted();
    });
  return (
    <Modal
      isOpen
      variant="medium"
      title={`Delete ${name}?`}
      titleIconVariant="warning"
      onClose={close}
      actions={[
        <Button key="delete" variant="danger" onClick={remove} isLoading={busy} isDisabled={busy || impact.state === "loading" || (needsForce && !force)}>Delete</Button>,
        <Button key="cancel" variant="link" onClick={close}>Cancel</Button>,
      ]}
    >
      <div className="writ-stack">
        <p>No agent can be launched or get credentials under a deleted policy. Its history stays, and any version can be restored.</p>
        {impact.state === "loading" && <Loading what="the agents that run under it" />}
        {impact.state === "there" && <Touched impact={impact.value} />}
        {impact.state === "failed" && (
          <Alert isInline variant="warning" component="p" title="Nobody knows which agents run under this policy">
            {impact.refusal.detail || impact.refusal.title}
          </Alert>
        )}
        {refusal && <Failure refusal={refusal} title="It was not deleted" />}
        <Form onSubmit={(event) => event.preventDefault()}>
          <CommentField id="delete-comment" value={comment} set={setComment} />
          {needsForce && (
            <Checkbox id="delete-force" label="Delete it although agents may depend on it" isChecked={force} onChange={(_, on) => setForce(on)} />
          )}
        </Form>
      </div>
    </Modal>
  );
}

function needed(impact: Impact): boolean {
  return impact.agents_total > 0 || impact.broker !== "ok";
}

function Touched({ impact }: { impact: Impact }) {
  if (impact.broker === "ok" && impact.agents_total === 0) {
    return <Alert isInline variant="success" component="p" title="No live agent runs under this policy" />;
  }
  if (impact.broker === "ok") {
    return (
      <Alert isInline variant="danger" component="p" title={`${count(impact.agents_total, "live agent")} would be refused every further credential`}>
        <AgentsTouched impact={impact} />
      </Alert>
    );
  }
  return <AgentsTouched impact={impact} />;
}
