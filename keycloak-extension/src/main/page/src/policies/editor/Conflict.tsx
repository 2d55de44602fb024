import { useState } from "react";
import { useApi } from "../../api/api";
import type { Refusal } from "../../api/http";
import { Changes } from "../../components/Changes";
import { Failure } from "../../components/Refused";
import { Loading } from "../../components/Views";
import { useLoad } from "../../hooks";
import { Alert, Button, Modal, Title } from "../../pf";
import type { Draft } from "./draft";

interface Props {
  name: string;
  /** The version that the admin had opened; 0 for a new policy. */
  opened: number;
  refusal: Refusal;
  draft: Draft;
  goOn: (version: number) => void;
  close: () => void;
}

/** Somebody saved in between: who, what, and how to go on without losing what was typed. */
export function Conflict({ name, opened, refusal, draft, goOn, close }: Props) {
  const current = typeof refusal.body.current === "number" ? refusal.body.current : undefined;
  const [copied, setCopied] = useState(false);
  const copy = () => void navigator.clipboard.writeText(draft.yaml).then(() => setCopied(true));
  const newer = current !== undefined && current > 0 && opened > 0 ? current : undefined;
  return (
    <Modal
      isOpen
      variant="medium"
      title={opened === 0 ? `There is a policy ${name} already` : "Somebody saved in between"}
      titleIconVariant="warning"
      onClose={close}
      actions={[
        ...(newer !== undefined ? [<Button key="go" onClick={() => goOn(newer)}>Review mine against version {newer}</Button>] : []),
        <Button key="close" variant={newer === undefined ? "primary" : "secondary"} onClick={close}>Keep editing</Button>,
        <Button key="copy" variant="link" onClick={copy}>{copied ? "Copied" : "Copy my text"}</Button>,
      ]}
    >
      <div className="writ-stack">
        <Alert isInline variant="warning" component="p" title={refusal.detail}>
          Nothing was overwritten, and all that you typed is still here.
        </Alert>
        {opened === 0 && <p>Choose another name for yours, or open the one there is and change that.</p>}
        {newer !== undefined && <Theirs name={name} opened={opened} current={newer} draft={draft} />}
      </div>
    </Modal>
  );
}

function Theirs({ name, opened, current, draft }: { name: string; opened: number; current: number; draft: Draft }) {
  const { policies } = useApi();
  const [load, again] = useLoad(`${opened} ${current}`, async (signal) => {
    const [theirs, mine, newest] = await Promise.all([
      policies.compare(name, opened, current, signal),
      policies.check(draft.source, name, signal),
      policies.current(name, signal),
    ]);
    return { theirs: theirs.changes, mine: mine.changes ?? [], deleted: newest.deleted };
  });
  if (load.state === "loading") {
    return <Loading what="what was changed" />;
  }
  if (load.state === "failed") {
    return <Failure refusal={load.refusal} title="It is not known what was changed" retry={again} />;
  }
  if (load.value.deleted) {
    return <p>They deleted the policy. Saving yours brings it back, with your content.</p>;
  }
  return (
    <>
      <section className="writ-part">
        <Title headingLevel="h2" size="md">What they changed: version {opened} to {current}</Title>
        <Changes changes={load.value.theirs} />
      </section>
      <section className="writ-part">
        <Title headingLevel="h2" size="md">What saving yours would change in version {current}</Title>
        <Changes changes={load.value.mine} />
      </section>
    </>
  );
}
