import { useApi } from "./api/api";
import { Button, Masthead, MastheadBrand, MastheadContent, MastheadMain } from "./pf";
import { consoleUrl } from "./place";

/** The page's own header; within the admin console that has one. */
export function TopBar() {
  const { place, session } = useApi();
  return (
    <Masthead display={{ default: "inline" }}>
      <MastheadMain>
        <MastheadBrand component="span" className="writ-brand">
          <img src="./favicon.svg" alt="" width="28" height="28" />
          Writ
        </MastheadBrand>
      </MastheadMain>
      <MastheadContent className="writ-bar">
        <span><span className="writ-bar-word">Realm </span><strong>{place.realm}</strong></span>
        <span className="writ-bar-end">
          <Button variant="link" isInline component="a" href={consoleUrl(place)}>Admin console</Button>
          <span className="writ-user">{session.user}</span>
          <Button variant="link" isInline onClick={() => void session.logout()}>Sign out</Button>
        </span>
      </MastheadContent>
    </Masthead>
  );
}
