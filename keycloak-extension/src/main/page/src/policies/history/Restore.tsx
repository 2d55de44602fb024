import { useState } from "react";
import { useApi } from "../../api/api";
import type { PolicyVersion } from "../../api/policies";
import { Changes, summary } from "../../components/Changes";
import { Failure } from "../../components/Refused";
import { useTell } from "../../components/Toasts";
import { Loading } from "../../components/Views";
import { useDoing, useLoad } from "../../hooks";
import { Button, Form, Modal, Title } from "../../pf";
import { replace, to } from "../../routes";
import { AgentsTouched } from "../AgentsTouched";
import { CommentField } from "../CommentField";

interface Props {
  name: string;
  version: number;
  current: PolicyVersion;
  close: () => void;
  changed: () => void;
}

/** Brings an old version's content back, as a new version. */
export function Restore({ name, version, current, close, changed }: Props) {
  const { policies } = useApi();
  const tell = useTell();
  const [comment, setComment] = useState("");
  const { busy, refusal, run } = useDoing();
  const [load, again] = useLoad(`${name} ${version}`, async (signal) => {
    const old = await policies.version(name, version, signal);
    return current.deleted ? undefined : policies.impact(name, { policy: old.policy }, signal);
  });
  const restore = () =>
    run(async () => {
      const done = await policies.restore(name, version, current.version, comment.trim());
      tell(`${name} says what version ${version} said, as version ${done.version}`);
      close();
      changed();
      replace(to.policy(name, "history"));
    });
  return (
    <Modal
      isOpen
      variant="medium"
      title={`Restore version ${version} of ${name}?`}
      onClose={close}
      actions={[
        <Button key="restore" onClick={restore} isLoading={busy} isDisabled={busy}>Restore</Button>,
        <Button key="cancel" variant="link" onClick={close}>Cancel</Button>,
      ]}
    >
      <div className="writ-stack">
        <p>Its content becomes the newest version; the versions in between stay in the history.</p>
        {refusal && <Failure refusal={refusal} title="It was not restored" />}
        {load.state === "loading" && <Loading what="what this changes" />}
        {load.state === "failed" && !refusal && <Failure refusal={load.refusal} title="It is not known what this changes" retry={again} />}
        {load.state === "there" && load.value && (
          <>
            <section className="writ-part">
              <Title headingLevel="h2" size="md">Changes to version {current.version}</Title>
              <p>{summary(load.value.changes)}</p>
              <Changes changes={load.value.changes} />
            </section>
            <section className="writ-part">
              <Title headingLevel="h2" size="md">For whom</Title>
              <AgentsTouched impact={load.value} />
            </section>
          </>
        )}
        <Form onSubmit={(event) => { event.preventDefault(); restore(); }}>
          <CommentField id="restore-comment" value={comment} set={setComment} />
        </Form>
      </div>
    </Modal>
  );
}
