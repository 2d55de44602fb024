import { useEffect, useMemo, useState } from "react";
import { useApi } from "../../api/api";
import type { PolicyVersion } from "../../api/policies";
import { Failure } from "../../components/Refused";
import { useLoad, valueOf } from "../../hooks";
import { Alert, Button, PageSection } from "../../pf";
import { panelOf } from "../PolicyTabs";
import { TryRequest } from "../TryRequest";
import { Aside } from "./Aside";
import { useChecking } from "./checking";
import { useDraft } from "./draft";
import { EditingProvider, type Editing } from "./editing";
import { Footer } from "./Footer";
import { Leaving } from "./Leaving";
import { PolicyForm } from "./PolicyForm";
import { Review } from "./Review";
import { useTouched } from "./touched";
import { YamlEditor } from "./YamlEditor";

interface Props {
  /** What is edited: the current version, or what a new policy begins with. */
  base: Pick<PolicyVersion, "name" | "version" | "policy">;
  view: string;
  /** Another view of the policy is shown, and the draft waits. */
  hidden?: boolean;
  /** Goes to another view; by route unless the policy is new. */
  show?: (view: string) => void;
  saved: (saved: PolicyVersion) => void;
}

/** Form, YAML and trial of one draft, beside what the server says about it. */
export function Editor({ base, view, hidden = false, show, saved }: Props) {
  const { place, policies, session } = useApi();
  const isNew = base.version === 0;
  const draft = useDraft(base.policy, `${place.realm} ${isNew ? "" : base.name}`);
  const [expected, setExpected] = useState(base.version);
  const checking = useChecking(draft, isNew ? undefined : base.name, expected);
  const [vocabulary] = useLoad("", (signal) => policies.vocabulary(signal));
  const { shown, leave, showAll } = useTouched(checking.problems, isNew && !draft.yamlLeads);
  const [reviewing, setReviewing] = useState(false);
  const [asked, setAsked] = useState(0);
  const readOnly = session.mayWrite === false;
  const editing: Editing = useMemo(
    () => ({ policy: draft.policy, edit: draft.edit, problems: shown, check: checking.check, vocabulary: valueOf(vocabulary), readOnly, isNew }),
    [draft.policy, draft.edit, shown, checking.check, vocabulary, readOnly, isNew],
  );
  const review = () => {
    showAll();
    if (checking.fresh && checking.problems.length === 0 && checking.check?.sound) {
      setReviewing(true);
    } else {
      setAsked((n) => n + 1);
    }
  };
  useEffect(() => {
    if (asked > 0) {
      document.getElementById("problems")?.focus();
    }
  }, [asked]);
  return (
    <EditingProvider value={editing}>
      <Leaving dirty={draft.dirty && !readOnly} within={isNew ? "/new-policy" : `/policies/${encodeURIComponent(base.name)}`} />
      <PageSection variant="light" className="writ-editor" {...(hidden ? {} : panelOf(view))}>
        <div className="writ-editor-main" onBlur={leave}>
          {checking.failed && (
            <Failure refusal={checking.failed} title="The server could not check this" />
          )}
          {view === "" && !draft.formFollows && <FormBehind discard={() => draft.edit((policy) => policy)} />}
          {view === "" && <fieldset className="writ-fieldset" disabled={!draft.formFollows}><PolicyForm /></fieldset>}
          {view === "yaml" && <YamlEditor draft={draft} readOnly={readOnly} problems={checking.problems} />}
          {view === "try" && <TryRequest source={draft.source} policy={draft.policy} />}
        </div>
        <Aside checking={checking} problems={shown} version={isNew ? 0 : expected} view={view} show={show} name={base.name} dirty={draft.dirty} />
      </PageSection>
      {!readOnly && (
        <Footer draft={draft} checking={checking} isNew={isNew} review={review} revert={() => draft.reset(base.policy)} />
      )}
      {reviewing && (
        <Review
          name={isNew ? draft.policy.name : base.name}
          expected={expected}
          draft={draft}
          check={checking.check}
          rebase={setExpected}
          close={() => setReviewing(false)}
          saved={saved}
        />
      )}
    </EditingProvider>
  );
}

function FormBehind({ discard }: { discard: () => void }) {
  return (
    <Alert isInline variant="warning" component="p" title="The form waits for the YAML" actionLinks={<Button variant="link" isInline onClick={discard}>Go on from here without what was typed as YAML</Button>}>
      What was typed as YAML cannot be read yet, so the form shows what it said before. Put the YAML right, and the form follows.
    </Alert>
  );
}
