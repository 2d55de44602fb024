import type { ReactNode } from "react";
import CubesIcon from "@patternfly/react-icons/dist/esm/icons/cubes-icon";
import SearchIcon from "@patternfly/react-icons/dist/esm/icons/search-icon";
import {
  Bullseye, Button, EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter, EmptyStateHeader, EmptyStateIcon, Spinner,
} from "../pf";

/** Something is on its way. */
export function Loading({ what }: { what: string }) {
  return (
    <Bullseye className="writ-loading" role="status" aria-label={`Loading ${what}`}>
      <Spinner size="xl" aria-hidden="true" />
      <span className="pf-v5-screen-reader">{`Loading ${what}`}</span>
    </Bullseye>
  );
}

interface EmptyProps {
  title: string;
  children: ReactNode;
  icon?: React.ComponentType<object>;
  actions?: ReactNode;
}

/** There is nothing here yet, and what to do about it. */
export function Empty({ title, children, icon = CubesIcon, actions }: EmptyProps) {
  return (
    <EmptyState variant="lg">
      <EmptyStateHeader titleText={title} headingLevel="h2" icon={<EmptyStateIcon icon={icon} />} />
      <EmptyStateBody>{children}</EmptyStateBody>
      {actions && (
        <EmptyStateFooter>
          <EmptyStateActions>{actions}</EmptyStateActions>
        </EmptyStateFooter>
      )}
    </EmptyState>
  );
}

/** A search or filter has found nothing. */
export function NothingFound({ what, clear }: { what: string; clear: () => void }) {
  return (
    <Empty title="Nothing found" icon={SearchIcon} actions={<Button variant="link" onClick={clear}>Clear the search</Button>}>
      No {what} match what you are looking for.
    </Empty>
  );
}
