import KeyIcon from "@patternfly/react-icons/dist/esm/icons/key-icon";
import { useApi } from "../api/api";
import { Empty } from "../components/Views";
import { Button } from "../pf";
import { navigate, to } from "../routes";

/** For an admin who has never seen Writ. */
export function FirstSteps({ showDeleted }: { showDeleted: () => void }) {
  const { session } = useApi();
  return (
    <Empty
      title="No policies yet"
      icon={KeyIcon}
      actions={
        <>
          <Button onClick={() => navigate(to.newPolicy)} isAriaDisabled={session.mayWrite === false}>Create the first policy</Button>
          <Button variant="link" onClick={showDeleted}>Show deleted policies</Button>
        </>
      }
    >
      <p>
        An agent is launched under a policy, and can get only the credentials which that policy lists: GitHub repositories, AWS
        roles, your own services. Until there is a policy, no agent can be launched.
      </p>
      <p className="writ-gap">
        A policy that you save is obeyed within two seconds, by agents that are already running, too.
      </p>
    </Empty>
  );
}
