import AwsIcon from "@patternfly/react-icons/dist/esm/icons/aws-icon";
import CopyIcon from "@patternfly/react-icons/dist/esm/icons/copy-icon";
import GithubIcon from "@patternfly/react-icons/dist/esm/icons/github-icon";
import ServerIcon from "@patternfly/react-icons/dist/esm/icons/server-icon";
import TrashIcon from "@patternfly/react-icons/dist/esm/icons/trash-icon";
import { FlagAlerts } from "../../components/Flags";
import { targetNames, targetOf, type Grant } from "../../model";
import { Button, Card, CardBody, CardHeader, CardTitle } from "../../pf";
import { fieldId, useEditing, useProblems } from "../editor/editing";
import { Help } from "../editor/Field";
import { AwsFields } from "./AwsFields";
import { GitHubFields } from "./GitHubFields";
import { InternalFields } from "./InternalFields";

const icons = { github: GithubIcon, aws: AwsIcon, internal: ServerIcon };

interface Props {
  index: number;
  grant: Grant;
  set: (grant: Grant) => void;
  copy: () => void;
  remove: () => void;
}

/** One grant, with what is dangerous about it. */
export function GrantCard({ index, grant, set, copy, remove }: Props) {
  const { check, readOnly } = useEditing();
  const target = targetOf(grant);
  const Icon = icons[target];
  const pointer = `/grants/${index}/${target}`;
  const own = [...useProblems(`/grants/${index}`), ...useProblems(pointer)];
  const flags = (check?.flags ?? []).filter((flag) => flag.grant === index);
  const danger = flags.some((flag) => flag.severity === "danger");
  const title = `Grant ${index + 1}: ${targetNames[target]}`;
  const actions = readOnly ? undefined : {
    hasNoOffset: true,
    actions: (
      <>
        <Button variant="plain" aria-label={`Copy grant ${index + 1}`} onClick={copy}><CopyIcon aria-hidden="true" /></Button>
        <Button variant="plain" aria-label={`Remove grant ${index + 1}`} onClick={remove}><TrashIcon aria-hidden="true" /></Button>
      </>
    ),
  };
  return (
    <Card isFlat className={danger ? "writ-danger-card" : ""} role="group" aria-label={title} id={fieldId(`/grants/${index}`)} tabIndex={-1}>
      <CardHeader actions={actions}>
        <CardTitle component="h3"><Icon aria-hidden="true" /> {targetNames[target]} <span className="writ-quiet">{name(grant)}</span></CardTitle>
      </CardHeader>
      <CardBody className="writ-card-body">
        <FlagAlerts flags={flags} />
        {own.length > 0 && <Help id={`${fieldId(pointer)}:own`} problems={own.map((problem) => problem.message)} />}
        {"github" in grant && <GitHubFields pointer={pointer} grant={grant.github} set={(github) => set({ github })} />}
        {"aws" in grant && <AwsFields pointer={pointer} index={index} grant={grant.aws} set={(aws) => set({ aws })} />}
        {"internal" in grant && <InternalFields pointer={pointer} grant={grant.internal} set={(internal) => set({ internal })} />}
      </CardBody>
    </Card>
  );
}

function name(grant: Grant): string {
  return "github" in grant ? grant.github.account : "aws" in grant ? (grant.aws.role.split("/").pop() ?? "") : grant.internal.audience;
}
