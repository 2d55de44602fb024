import { useState } from "react";
import { useApi } from "../../api/api";
import type { Check, PolicyVersion } from "../../api/policies";
import { Changes, summary } from "../../components/Changes";
import { FlagAlerts } from "../../components/Flags";
import { Failure } from "../../components/Refused";
import { useTell } from "../../components/Toasts";
import { Loading } from "../../components/Views";
import { useDoing, useLoad } from "../../hooks";
import { Button, Form, Modal, Title } from "../../pf";
import { count } from "../../times";
import { AgentsTouched } from "../AgentsTouched";
import { CommentField } from "../CommentField";
import { Conflict } from "./Conflict";
import type { Draft } from "./draft";

interface Props {
  name: string;
  expected: number;
  draft: Draft;
  check: Check | undefined;
  /** Somebody else saved meanwhile: from now on the draft stands against that version. */
  rebase: (version: number) => void;
  close: () => void;
  saved: (saved: PolicyVersion) => void;
}

/** The last look before saving: what changes, for whom, and why. */
export function Review({ name, expected, draft, check, rebase, close, saved }: Props) {
  const { policies } = useApi();
  const tell = useTell();
  const isNew = expected === 0;
  const [comment, setComment] = useState("");
  const { busy, refusal, run, forget } = useDoing();
  const [impact, again] = useLoad(String(expected), async (signal) =>
    isNew ? undefined : policies.impact(name, draft.source, signal),
  );
  const conflict = refusal?.status === 409 ? refusal : undefined;
  const save = () =>
    run(async () => {
      const done = await policies.save(name, expected, comment.trim(), draft.source);
      tell(done.version === expected ? `${name} says what it said: there is no new version` : `${name} was saved as version ${done.version}`);
      draft.reset(done.policy);
      close();
      saved(done);
    });
  if (conflict) {
    return (
      <Conflict
        name={name}
        opened={expected}
        refusal={conflict}
        draft={draft}
        goOn={(version) => { rebase(version); forget(); }}
        close={close}
      />
    );
  }
  return (
    <Modal
      isOpen
      variant="medium"
      title={isNew ? `Create ${name}?` : `Save changes to ${name}?`}
      onClose={close}
      actions={[
        <Button key="save" onClick={save} isLoading={busy} isDisabled={busy}>{isNew ? "Create" : "Save"}</Button>,
        <Button key="cancel" variant="link" onClick={close}>Keep editing</Button>,
      ]}
    >
      <div className="writ-stack">
        {refusal && <Failure refusal={refusal} title="It was not saved" />}
        {check && check.flags.length > 0 && <FlagAlerts flags={check.flags} />}
        {isNew && <p>Agents can be launched under it from two seconds after it is created.</p>}
        {!isNew && impact.state === "loading" && <Loading what="what this changes" />}
        {impact.state === "failed" && !refusal && <Failure refusal={impact.refusal} title="It is not known what this changes" retry={again} />}
        {impact.state === "there" && impact.value && (
          <>
            <section className="writ-part">
              <Title headingLevel="h2" size="md">Changes to version {expected}</Title>
              <p>{summary(impact.value.changes)}</p>
              <Changes changes={impact.value.changes} />
            </section>
            <section className="writ-part">
              <Title headingLevel="h2" size="md">For whom</Title>
              {impact.value.broker === "ok" && impact.value.agents_total > 0 && (
                <p>{count(impact.value.agents_total, "live agent")} {impact.value.agents_total === 1 ? "follows" : "follow"} this policy, and the change, within two seconds.</p>
              )}
              <AgentsTouched impact={impact.value} />
            </section>
          </>
        )}
        <Form onSubmit={(event) => { event.preventDefault(); save(); }}>
          <CommentField id="comment" value={comment} set={setComment} />
        </Form>
      </div>
    </Modal>
  );
}
