import type { ReactNode } from "react";
import { Text, TextContent, Title } from "../../pf";

/** A part of the form under its heading. */
export function Section({ title, children, intro, id }: { title: string; children: ReactNode; intro?: ReactNode; id: string }) {
  return (
    <section className="writ-section" aria-labelledby={id}>
      <Title headingLevel="h2" size="lg" id={id} tabIndex={-1}>{title}</Title>
      {intro && <TextContent className="writ-intro"><Text component="p">{intro}</Text></TextContent>}
      {children}
    </section>
  );
}
