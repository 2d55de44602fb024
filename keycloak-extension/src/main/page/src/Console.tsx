import { useEffect, useMemo, useState } from "react";
import { ApiProvider, apiOf } from "./api/api";
import { Frame } from "./Frame";
import type { Place } from "./place";
import { Bullseye, Button, EmptyState, EmptyStateBody, EmptyStateFooter, EmptyStateHeader } from "./pf";
import { restoreRoute } from "./routes";
import { openSession, type Session } from "./session";
import { Loading } from "./components/Views";
import { Toasts } from "./components/Toasts";

type Opening = { state: "opening" } | { state: "failed"; why: string } | { state: "open"; session: Session };

let opened: Promise<Session> | undefined;

/** Logs in, once per page, then shows the views. */
export function Console({ place }: { place: Place }) {
  const [opening, setOpening] = useState<Opening>({ state: "opening" });
  useEffect(() => {
    opened ??= openSession(place);
    opened.then(
      (session) => {
        restoreRoute();
        setOpening({ state: "open", session });
      },
      (failed: unknown) => setOpening({ state: "failed", why: reason(failed) }),
    );
  }, [place]);
  const api = useMemo(() => (opening.state === "open" ? apiOf(place, opening.session) : undefined), [opening, place]);
  if (api) {
    return (
      <ApiProvider value={api}>
        <Toasts>
          <Frame />
        </Toasts>
      </ApiProvider>
    );
  }
  return <main className="writ-opening">{opening.state === "failed" ? <NotOpened place={place} why={opening.why} /> : <Loading what="agent policies" />}</main>;
}

function NotOpened({ place, why }: { place: Place; why: string }) {
  return (
    <Bullseye>
      <EmptyState>
        <EmptyStateHeader titleText="The login did not work" headingLevel="h1" />
        <EmptyStateBody>
          Keycloak did not let this page log in to the realm <strong>{place.login}</strong>: {why}. If this goes on, check that the
          client <code>writ-console</code> of that realm is enabled and that its redirect URIs name this address.
        </EmptyStateBody>
        <EmptyStateFooter>
          <Button onClick={() => location.assign(location.pathname + location.hash)}>Try again</Button>
        </EmptyStateFooter>
      </EmptyState>
    </Bullseye>
  );
}

function reason(failed: unknown): string {
  const said = failed as { error?: string; error_description?: string; message?: string } | undefined;
  return said?.error_description ?? said?.error ?? said?.message ?? "it gave no reason";
}
