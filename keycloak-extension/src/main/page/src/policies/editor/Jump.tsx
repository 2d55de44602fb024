import type { MouseEvent } from "react";
import { Title } from "../../pf";

const sections = { general: "General", launch: "Who may launch", owners: "Owners", grants: "Grants", delegation: "Delegation" };

/** Links to the form's sections, as the console's long forms have them. */
export function Jump() {
  const go = (event: MouseEvent, id: string) => {
    event.preventDefault();
    const heading = document.getElementById(id);
    heading?.scrollIntoView({ block: "start" });
    heading?.focus({ preventScroll: true });
  };
  return (
    <nav className="writ-jump" aria-labelledby="jump">
      <Title headingLevel="h2" size="md" id="jump">Jump to section</Title>
      <ul>
        {Object.entries(sections).map(([id, title]) => (
          <li key={id}><a href={location.hash} onClick={(event) => go(event, id)}>{title}</a></li>
        ))}
      </ul>
    </nav>
  );
}
